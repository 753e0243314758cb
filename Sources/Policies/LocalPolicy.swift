package import Episodes
package import LanguageModels
internal import Tokenization

/// A language model in this process, sampled at temperature 1 unless told otherwise.
///
/// Rollouts share one `SamplingEngine`: run many at once and their steps are batched. A rollout's text depends on the
/// weights, the prompt and its seed alone.
package struct LocalPolicy: Policy {
  package let name: String
  package let promptStyle: PromptStyle
  package let engine: SamplingEngine
  package let temperature: Float

  package init(name: String, engine: SamplingEngine, temperature: Float = 1, promptStyle: PromptStyle = .brief) {
    self.name = name
    self.engine = engine
    self.temperature = temperature
    self.promptStyle = promptStyle
  }

  /// Opens a row of the engine; waits while all are taken.
  package func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession {
    let rendered = try Segment(prompt, tokenizer: engine.tokenizer)
    let row = try await engine.open(
      prompt: rendered.tokens, seed: seed.value, sampling: SamplingOptions(temperature: temperature))
    return TokenSession(EngineRow(engine: engine, id: row), prompt: rendered, tokenizer: engine.tokenizer)
  }
}

/// A row of the engine.
private struct EngineRow: TokenRow {
  let engine: SamplingEngine
  let id: SamplingEngine.RowID

  func generate(
    replacingLast replacement: [Int32]?, injecting injected: [Int32], stops: [String], after text: [UInt8],
    maxTokens: Int
  ) async throws -> SampledText {
    try await engine.generate(
      id, replacingLast: replacement, injecting: injected, stops: stops, after: text, maxTokens: maxTokens)
  }

  func fork(seed: Seed) async throws -> any TokenRow {
    EngineRow(engine: engine, id: try await engine.fork(id, seed: seed.value))
  }

  func close() async { await engine.close(id) }
}
