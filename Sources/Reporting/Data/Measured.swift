import Statistics
import Storage

/// A rate of one or several training sequences: pooled, sequence by sequence, and prompt by prompt.
struct Measured {
  var estimate: Estimate
  var sequences: Sequences
  /// Events over the episodes of each prompt, for each sequence in their order; empty where that is not known.
  var prompts: [[VariantCount]]
  /// The sequences as draws from all that other seeds could give, their prompts as clusters; `nil` for one.
  var seeds: BetweenSeeds?

  init(_ sequences: Sequences, prompts: [[VariantCount]], episodes: EpisodeSet? = nil) {
    self.sequences = sequences
    self.prompts = prompts
    seeds = Self.seeds(sequences, prompts)
    estimate = Estimate(
      sequences.pooled, clusters: ClusterSummary(Self.pooled(prompts)), seeds: seeds, episodes: episodes)
  }

  /// Whose episodes they are, sequence by sequence.
  var checkpoints: [String] { estimate.episodes?.cells.map(\.checkpoint) ?? [] }

  private static func seeds(_ sequences: Sequences, _ prompts: [[VariantCount]]) -> BetweenSeeds? {
    if sequences.tallies.count < 2 { return nil }
    let counts = prompts.map { ClusteredCount(clusters: $0.map(\.count)) }
    let isKnown = counts.contains { $0.clusters.contains { $0.trials > 1 } }
    return isKnown ? BetweenSeeds(counts) : BetweenSeeds(sequences.tallies.map(Count.init))
  }

  /// Events over the episodes of each prompt, in the order of their numbers; checkpoints that share a prompt share its
  /// cluster.
  private static func pooled(_ checkpoints: [[VariantCount]]) -> [Count] {
    let counts = Dictionary(checkpoints.joined().map { ($0.variant, $0.count) }) { $0 + $1 }
    return counts.sorted { $0.key < $1.key }.map(\.value)
  }
}
