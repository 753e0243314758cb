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
  private var state: State

  /// Where the rollout stands.
  struct State {
    /// The last token of the text so far, on which the reading of the next one depends.
    var last: Int32?
    /// What stands in the row in place of the last token that it drew, if that is not the token itself.
    var replacement: [Int32]?
    /// A message of the user that the row has not read yet.
    var unread: [Int32] = []
    var written = WrittenText()

    /// The policy is going to read something: what it has written ends here.
    mutating func endWriting(_ tokenizer: some Tokenizer) {
      if let kept = written.replacement(tokenizer) { (replacement, last) = (kept, kept.last) }
      written = WrittenText()
    }
  }

  init(engine: SamplingEngine, row: SamplingEngine.RowID, prompt: Segment, state: State? = nil) {
    self.engine = engine
    self.row = row
    self.prompt = prompt
    self.state = state ?? State(last: prompt.tokens.last)
  }

  func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
    let tokenizer = engine.tokenizer
    if !injected.isEmpty { state.endWriting(tokenizer) }
    if let text = state.written.takeSurplus(until: stops) {
      return Generation(
        text: String(decoding: text, as: UTF8.self), lastRead: state.written.replacement(tokenizer), stop: .stopString)
    }
    let reading = tokenizer.encode(injected, specials: .tags, after: state.last)
    let drawn = try await engine.generate(
      row, replacingLast: state.replacement, injecting: state.unread + reading, stops: stops,
      after: state.written.bytes + state.written.surplus, maxTokens: maxTokens)
    state.replacement = nil
    state.unread = []
    let before = reading.last ?? state.last
    state.last = drawn.tokens.last ?? before
    let text = state.written.take(drawn, after: before, tokenizer)
    return Generation(
      text: String(decoding: text, as: UTF8.self), tokens: drawn.tokens, logProbabilities: drawn.logProbabilities,
      lastRead: state.written.replacement(tokenizer), injectedTokens: reading, stop: GenerationStop(drawn.stop))
  }

  func read(_ message: String, opening: String) async throws -> Segment {
    let tokens = try engine.tokenizer.encode(furtherMessage: message, opening: opening)
    state.endWriting(engine.tokenizer)
    state.unread += tokens
    let text = engine.tokenizer.decode(tokens, after: state.last)
    state.last = tokens.last
    return Segment(.user, text, tokens: tokens)
  }

  func fork(seed: Seed) async throws -> any PolicySession {
    let copy = try await engine.fork(row, seed: seed.value)
    return LocalPolicySession(engine: engine, row: copy, prompt: prompt, state: state)
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
