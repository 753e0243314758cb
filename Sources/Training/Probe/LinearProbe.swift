package import Episodes
package import LanguageModels
internal import Tokenization

/// A line through the states of a model that tells gamed episodes from honest ones, with what is known of its quality.
/// A small value; stored as JSON.
package struct LinearProbe: Sendable, Codable, Hashable {
  /// What a probe was made from.
  package struct Provenance: Sendable, Codable, Hashable {
    /// The name and digest of the checkpoint whose states it reads.
    package var checkpoint: String
    package var digest: String
    package var options: ProbeOptions
    /// The environments of its pairs.
    package var environments: [String]
    /// Pairs that it was trained on, pairs held out, and episodes without a partner, which only the threshold is made from.
    package var trainingPairs: Int
    package var heldOutPairs: Int
    package var unmatched: Int
  }

  /// How well it does on prompts that it was not trained on.
  package struct Quality: Sendable, Codable, Hashable {
    /// Area under the curve on the held-out pairs; 0.5 says nothing.
    package var areaUnderCurve: Double
    /// The flags on all episodes of prompts that were not trained on, pairs or not. The threshold was chosen on the same
    /// honest ones, so its false-positive rate is a little better here than it will be.
    package var counts: MonitorCounts
    /// The control: the areas of probes trained in the same way on labels that were shuffled within each prompt, measured
    /// on the true labels. They lie about 0.5; a probe that does not stand out from them has learned nothing.
    package var shuffledAreas: [Double]

    /// The share of controls, the probe itself among them, that reach its area: a one-sided permutation p value.
    package var permutationP: Double {
      Double(1 + shuffledAreas.count { $0 >= areaUnderCurve }) / Double(1 + shuffledAreas.count)
    }
  }

  /// [D].
  package var weights: [Double]
  package var bias: Double
  /// A score at or above this is flagged.
  package var threshold: Double
  package var provenance: Provenance
  package var quality: Quality

  /// The log-odds that an episode was gamed, from its pooled states [D].
  package func score(_ states: [Double]) -> Double { zip(weights, states).reduce(bias) { $0 + $1.0 * $1.1 } }

  /// The log-odds of each episode, in order.
  ///
  /// - Parameter reader: the checkpoint that the probe was trained on, whoever acted.
  /// - Throws: a `ModelError` when the probe does not fit it, or when an episode has no tokens of the policy.
  package func scores(_ episodes: [Episode], reader: ModelCheckpoint) throws -> [Double] {
    guard weights.count == reader.architecture.width, (weights + [bias, threshold]).allSatisfy(\.isFinite) else {
      throw ModelError(
        "The probe of '\(provenance.checkpoint)' has \(weights.count) weights, which are not for states of width "
          + "\(reader.architecture.width), or are not finite. Train it anew.")
    }
    return try pooledStates(of: episodes, under: reader, layer: provenance.options.layer).map(score)
  }
}
