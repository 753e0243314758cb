package import Tokenization

/// Says how probable fixed continuations of one text are, by reading them (teacher forcing).
///
/// The text before them is read once: every continuation shares its keys and values, and so does the next text as far as it
/// begins alike. The arithmetic is the sampler's, so a token's log-probability is the one that sampling it would have
/// recorded.
///
///     let scorer = try ContinuationScorer(checkpoint)
///     let scores = try scorer.logProbabilities(of: continuations, after: prompt)   // [continuations][tokens], in nats
///
/// Not `Sendable`: it holds the packed weights.
package final class ContinuationScorer {
  /// The model's own tokenizer.
  package let tokenizer: any Tokenizer
  private let decoder: Decoder
  private let context: Int
  /// What was read last, without continuations.
  private var before: DecoderCache?

  /// Tokens of the shared text that are read in one step.
  private static let tokensPerStep = 768

  /// - Parameter threads: of one step; 0 is one for each core.
  /// - Throws: a `ModelError` when the weights cannot be packed for sampling.
  package init(_ checkpoint: ModelCheckpoint, precision: SamplingPrecision = .exact, threads: Int = 0) throws {
    tokenizer = checkpoint.tokenizer
    context = checkpoint.architecture.context
    decoder = try Decoder(checkpoint, threads: threads, precision: precision)
  }

  /// The natural-log probability of each token of each continuation, given the text and the tokens before it:
  /// [continuations][tokens].
  ///
  /// - Throws: a `ModelError` when the text is empty, a continuation is empty, or the longest does not fit the context.
  package func logProbabilities(of continuations: [[Int32]], after text: [Int32]) throws -> [[Float]] {
    let longest = continuations.map(\.count).max() ?? 0
    guard let last = text.last, continuations.allSatisfy({ !$0.isEmpty }) else {
      throw ModelError("A text and its continuations need at least one token each.")
    }
    guard text.count + longest <= context else {
      throw ModelError(
        "The text has \(text.count) tokens and its longest continuation \(longest); the model's context is \(context).")
    }
    let known = before.map { zip($0.tokens, text.dropLast()).prefix { $0 == $1 }.count } ?? 0
    let shared = known > 0 ? before?.fork(length: known) ?? DecoderCache(decoder) : DecoderCache(decoder)
    for start in stride(from: shared.length, to: text.count - 1, by: Self.tokensPerStep) {
      let part = Array(text[start..<min(start + Self.tokensPerStep, text.count - 1)])
      _ = try decoder.step([DecoderRun(cache: shared, tokens: part, draws: false)])
    }
    before = shared.fork()
    return try decoder.logProbabilities(continuations.map { (shared.fork(), [last] + $0) })
  }
}
