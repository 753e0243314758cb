package import Episodes
internal import Foundation
internal import HTTP
internal import LanguageModels
import Tokenization

/// A checkpoint that servers sample from, token by token as `LocalPolicy` does: tokens go in and come out, with the
/// log-probabilities that they were drawn with, so that its episodes can be learnt from. Text is never tokenised again.
///
/// An episode's seed goes with each request. Servers that batch do not keep to it, so an episode played again may differ.
package struct ServerPolicy: Policy {
  package let name: String
  package let promptStyle: PromptStyle
  let tokenizer: any Tokenizer
  let temperature: Float
  /// Tokens that the model can read.
  let context: Int
  /// The adapter's name on the servers; `nil`: the model itself.
  let adapter: String?
  let pool: ServerPool

  package func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession {
    let rendered = try Segment(prompt, tokenizer: tokenizer)
    return TokenSession(ServerRow(self, tokens: rendered.tokens, seed: seed), prompt: rendered, tokenizer: tokenizer)
  }
}

/// The tokens of a rollout that a server writes. The server keeps nothing between two turns but what its cache holds.
private actor ServerRow: TokenRow {
  private let policy: ServerPolicy
  private let seed: Seed
  private var tokens: [Int32]
  private var turns = 0

  init(_ policy: ServerPolicy, tokens: [Int32], seed: Seed) {
    self.policy = policy
    self.tokens = tokens
    self.seed = seed
  }

  func generate(
    replacingLast replacement: [Int32]?, injecting injected: [Int32], stops: [String], after text: [UInt8],
    maxTokens: Int
  ) async throws -> SampledText {
    try Task.checkCancellation()
    if let replacement { tokens = tokens.dropLast() + replacement }
    tokens += injected
    guard maxTokens > 0 else { return SampledText(stop: .tokenLimit) }
    let room = policy.context - policy.pool.reserve - tokens.count
    guard room > 0 else { return SampledText(stop: .contextFull) }
    turns += 1
    let before = tokens.last
    let answer = try await policy.pool.generate(
      TokenRequest(
        tokens: tokens, adapter: policy.adapter, stops: stops, ends: [policy.tokenizer.endOfTurn],
        maxTokens: min(maxTokens, room), temperature: policy.temperature, seed: seed[turns].value))
    var drawn = answer.cut(stops, after: text, before: before, policy.tokenizer)
    guard drawn.stop != .endOfTurn || drawn.tokens.last.map(policy.tokenizer.endsTurn) == true else {
      throw RemoteRunError(
        "A server ended an answer with the token \(drawn.tokens.last ?? -1), which ends no turn in the tokenizer here. Do the "
          + "servers have the same model?")
    }
    if drawn.stop == .tokenLimit, room < maxTokens { drawn.stop = .contextFull }
    tokens += drawn.tokens
    return drawn
  }

  func fork(seed: Seed) -> any TokenRow { ServerRow(policy, tokens: tokens, seed: seed) }

  func close() {}
}

extension TokenAnswer {
  /// The answer up to the first stop string or the end of the turn, by this tokenizer's own bytes: what the engine in this
  /// process would have given for the same draws.
  ///
  /// - Parameters:
  ///   - text: what was written before, in which a stop string may have begun.
  ///   - previous: the token in front of the answer.
  func cut(_ stops: [String], after text: [UInt8], before previous: Int32?, _ tokenizer: some Tokenizer) -> SampledText
  {
    var scanner = StopScanner(stops, after: text)
    var sampled = SampledText(stop: isCutOff ? .tokenLimit : .endOfTurn)
    var previous = previous
    for (token, logProbability) in zip(tokens, logProbabilities) {
      sampled.tokens.append(token)
      sampled.logProbabilities.append(logProbability)
      if tokenizer.endsTurn(token) {
        sampled.stop = .endOfTurn
        return sampled
      }
      if let surplus = scanner.append(tokenizer.decode(bytes: [token], after: previous)) {
        (sampled.stop, sampled.surplus) = (.stopString, surplus)
        return sampled
      }
      previous = token
    }
    return sampled
  }
}
