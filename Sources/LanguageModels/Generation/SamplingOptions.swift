internal import CMLX
internal import Tokenization

/// Which distribution a row's tokens are drawn from; the default is the model's own.
///
/// The logits are divided by the temperature; then only the `topK` most probable tokens stay; of those the fewest whose
/// probabilities together reach `topP`; of those the ones at least `minP` times as probable as the most probable one. Of
/// equally probable tokens those with lower ids come first, and one token always stays. Recorded log-probabilities are
/// those of the distribution that is left: a trainer that compares them with the full softmax must not truncate.
package struct SamplingOptions: Sendable, Hashable, Codable {
  /// Divides the logits; 0 takes the most probable token and records its probability at temperature 1.
  package var temperature: Float
  /// 0 keeps all tokens.
  package var topK: Int
  /// 1 keeps all tokens.
  package var topP: Float
  /// 0 keeps all tokens.
  package var minP: Float

  package init(temperature: Float = 1, topK: Int = 0, topP: Float = 1, minP: Float = 0) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
  }

  /// Throws a `ModelError` that names the number which cannot be.
  package func validate() throws {
    guard temperature >= 0, temperature.isFinite else {
      throw ModelError("The temperature must be 0 or more, not \(temperature).")
    }
    guard (0...Int(Int32.max)).contains(topK) else { throw ModelError("top-k must be 0 or more, not \(topK).") }
    guard topP > 0, topP <= 1 else { throw ModelError("top-p must be above 0 and at most 1, not \(topP).") }
    guard minP >= 0, minP <= 1 else { throw ModelError("min-p must be from 0 to 1, not \(minP).") }
  }

  var record: cmlx_sampling {
    cmlx_sampling(temperature: temperature, top_k: Int32(clamping: topK), top_p: topP, min_p: minP)
  }
}

/// How much a sampler rounds.
package enum SamplingPrecision: String, Sendable, Hashable, Codable, CaseIterable {
  /// All arithmetic in float32.
  case exact
  /// Keys and values are rounded to sixteen bits, for each head; before products with weights in blocks of four to eight bits,
  /// so are activations, for each 256 of them. Results are reproducible on every machine.
  case fast
}
