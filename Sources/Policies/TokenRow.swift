internal import Episodes
internal import LanguageModels
internal import Tokenization

/// The tokens of one rollout, wherever they are drawn: a row of the engine in this process, or a server's.
protocol TokenRow: Sendable {
  /// Reads `injected`, then draws until a stop string, the end of the turn or `maxTokens`.
  ///
  /// - Parameters:
  ///   - replacement: what stands in the text in place of the last token that was drawn; `nil`: that token.
  ///   - text: what the policy has written before, in which a stop string may have begun.
  func generate(
    replacingLast replacement: [Int32]?, injecting injected: [Int32], stops: [String], after text: [UInt8],
    maxTokens: Int
  ) async throws -> SampledText

  /// A second row with the same past, which draws from `seed`.
  func fork(seed: Seed) async throws -> any TokenRow

  func close() async
}

/// One rollout of a policy whose tokens are known, as the episode loop sees it.
actor TokenSession: PolicySession {
  nonisolated let prompt: Segment
  private let tokenizer: any Tokenizer
  private let row: any TokenRow
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

  init(_ row: any TokenRow, prompt: Segment, tokenizer: any Tokenizer, state: State? = nil) {
    self.row = row
    self.prompt = prompt
    self.tokenizer = tokenizer
    self.state = state ?? State(last: prompt.tokens.last)
  }

  func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
    if !injected.isEmpty { state.endWriting(tokenizer) }
    if let text = state.written.takeSurplus(until: stops) {
      return Generation(
        text: String(decoding: text, as: UTF8.self), lastRead: state.written.replacement(tokenizer), stop: .stopString)
    }
    let reading = tokenizer.encode(injected, specials: .tags, after: state.last)
    let drawn = try await row.generate(
      replacingLast: state.replacement, injecting: state.unread + reading, stops: stops,
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
    let tokens = try tokenizer.encode(furtherMessage: message, opening: opening)
    state.endWriting(tokenizer)
    state.unread += tokens
    let text = tokenizer.decode(tokens, after: state.last)
    state.last = tokens.last
    return Segment(.user, text, tokens: tokens)
  }

  func fork(seed: Seed) async throws -> any PolicySession {
    TokenSession(try await row.fork(seed: seed), prompt: prompt, tokenizer: tokenizer, state: state)
  }

  func end() async { await row.close() }
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
