/// Why sampling stopped.
package enum SamplingStop: Sendable, Hashable {
  /// One of the stop strings was written.
  case stopString
  /// The end-of-turn token was drawn.
  case endOfTurn
  /// As many tokens were drawn as were asked for.
  case tokenLimit
  /// The model's context is full.
  case contextFull
}

/// What one request drew.
package struct SampledText: Sendable, Hashable {
  /// The drawn tokens, the end-of-turn token included.
  package var tokens: [Int32] = []
  /// Natural-log probability of each token under the distribution that it was drawn from.
  package var logProbabilities: [Float] = []
  package var stop: SamplingStop = .tokenLimit
  /// Bytes of the last token that stand behind the stop string: a token such as `>\n` ends `</bash>` and goes on. 0 unless
  /// `stop` is `stopString`.
  package var surplus = 0

  package init(stop: SamplingStop = .tokenLimit) { self.stop = stop }
}
