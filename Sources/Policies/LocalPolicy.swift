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
    return LocalPolicySession(engine: engine, row: row, prompt: rendered)
  }
}

/// One rollout of a local policy: a row of the engine.
private actor LocalPolicySession: PolicySession {
  nonisolated let prompt: Segment
  private let engine: SamplingEngine
  private let row: SamplingEngine.RowID
  /// The last token of the text so far, on which the reading of the next one depends.
  private var last: Int32?
  /// A message of the user that the row has not read yet.
  private var unread: [Int32] = []

  init(engine: SamplingEngine, row: SamplingEngine.RowID, prompt: Segment) {
    self.engine = engine
    self.row = row
    self.prompt = prompt
    last = prompt.tokens.last
  }

  private init(
    engine: SamplingEngine, row: SamplingEngine.RowID, prompt: Segment, last: Int32?, unread: [Int32]
  ) {
    self.engine = engine
    self.row = row
    self.prompt = prompt
    self.last = last
    self.unread = unread
  }

  func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
    let tokenizer = engine.tokenizer
    let reading = tokenizer.encode(injected, specials: .tags, after: last)
    let written = try await engine.generate(row, injecting: unread + reading, stops: stops, maxTokens: maxTokens)
    unread = []
    let before = reading.last ?? last
    last = written.tokens.last ?? before
    let spoken = written.stop == .endOfTurn ? written.tokens.dropLast() : written.tokens[...]
    return Generation(
      text: tokenizer.decode(spoken, after: before), tokens: written.tokens,
      logProbabilities: written.logProbabilities, injectedTokens: reading, stop: GenerationStop(written.stop))
  }

  func read(_ message: String, opening: String) async throws -> Segment {
    let tokens = try engine.tokenizer.encode(furtherMessage: message, opening: opening)
    unread += tokens
    let text = engine.tokenizer.decode(tokens, after: last)
    last = tokens.last
    return Segment(.user, text, tokens: tokens)
  }

  func fork(seed: Seed) async throws -> any PolicySession {
    let copy = try await engine.fork(row, seed: seed.value)
    return LocalPolicySession(engine: engine, row: copy, prompt: prompt, last: last, unread: unread)
  }

  func end() async { await engine.close(row) }
}

extension GenerationStop {
  fileprivate init(_ stop: SamplingStop) {
    self =
      switch stop {
      case .stopString: .stopString
      case .endOfTurn: .endOfTurn
      case .tokenLimit: .tokenLimit
      case .contextFull: .contextFull
      }
  }
}
