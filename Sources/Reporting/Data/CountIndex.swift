import Episodes
import Statistics
import Storage

/// The counts of a run by cell, and by prompt within a cell.
final class CountIndex {
  private let counts: [Cell: CellCounts]
  /// Several tables show the same number, and its intervals take time.
  private var known: [EpisodeSet: Measured] = [:]
  /// What came of each prompt of the cells that are shown.
  private let variants: [Cell: VariantOutcomes]

  init(_ counts: [CellCounts], variants: [Cell: VariantOutcomes] = [:]) {
    self.counts = Dictionary(uniqueKeysWithValues: counts.map { ($0.cell, $0) })
    self.variants = variants
  }

  convenience init(_ outcomes: [CellOutcomes]) {
    self.init(
      outcomes.map(\.counts),
      variants: Dictionary(uniqueKeysWithValues: outcomes.map { ($0.counts.cell, $0.variants) }))
  }

  /// In how many graded episodes of a cell some predicates hold and others apply and do not hold.
  func episodes(in cell: Cell, holding: [Predicate], lacking: [Predicate]) -> Int {
    variants[cell]?.episodes(holding: holding, lacking: lacking) ?? 0
  }

  /// How often a predicate holds; `nil` where nothing was measured or it does not apply.
  func tally(
    _ checkpoint: String, _ environment: String, _ predicate: Predicate, arm: Arm = .standard, purpose: String
  ) -> Tally? {
    counts[Cell(checkpoint: checkpoint, environment: environment, arm: arm, purpose: purpose)]?[predicate]
  }

  /// How often a predicate holds in all of some checkpoints.
  ///
  /// - Parameter purposes: in the order in which they are preferred, for each checkpoint by itself.
  /// - Returns: `nil` where nothing was measured or it does not apply.
  func measure(
    _ checkpoints: [String], _ environment: String, _ predicate: Predicate, arm: Arm, purposes: [String]
  ) -> Measured? {
    let cells = checkpoints.compactMap { checkpoint in
      purposes.lazy.map { Cell(checkpoint: checkpoint, environment: environment, arm: arm, purpose: $0) }
        .first { counts[$0]?[predicate] != nil }
    }
    let episodes = EpisodeSet(cells: cells, predicate: predicate)
    if let measured = known[episodes] { return measured }
    guard let sequences = Sequences(cells.compactMap { counts[$0]?[predicate] }) else { return nil }
    let prompts = cells.map { variants[$0]?[predicate] ?? [] }
    let clusters = ClusterSummary(Self.pooled(prompts))
    let measured = Measured(
      estimate: Estimate(sequences.pooled, clusters: clusters, episodes: episodes), sequences: sequences,
      prompts: prompts)
    known[episodes] = measured
    return measured
  }

  /// Events over the episodes of each prompt, in the order of their numbers; checkpoints that share a prompt share its
  /// cluster.
  private static func pooled(_ checkpoints: [[VariantCount]]) -> [Count] {
    let counts = Dictionary(checkpoints.joined().map { ($0.variant, $0.count) }) { $0 + $1 }
    return counts.sorted { $0.key < $1.key }.map(\.value)
  }

  /// How many episodes failed.
  func failures(_ checkpoint: String, _ environment: String, arm: Arm, purpose: String) -> Int {
    let cell = counts[Cell(checkpoint: checkpoint, environment: environment, arm: arm, purpose: purpose)]
    return cell.map { $0.attempted - $0.completed } ?? 0
  }

  /// The predicates that hold in at least one episode of an environment, by name.
  func predicates(in environment: String, arm: Arm, purpose: String) -> [Predicate] {
    let own = counts.values.filter {
      $0.cell.environment == environment && $0.cell.arm == arm && $0.cell.purpose == purpose
    }
    return Set(own.flatMap { $0.predicates.filter { $0.value.holds > 0 }.keys }).sorted()
  }

  /// Every cell in which something was measured.
  var cells: Dictionary<Cell, CellCounts>.Keys { counts.keys }
}

/// A rate of several sequences: pooled, and how far they lie apart.
struct Measured {
  var estimate: Estimate
  var sequences: Sequences
  /// Events over the episodes of each prompt, for each sequence in their order; empty where that is not known.
  var prompts: [[VariantCount]]

  /// The sequences as draws from all that other seeds could give, their prompts as clusters; `nil` for one.
  var seeds: BetweenSeeds? {
    if prompts.count < 2 { return nil }
    let counts = prompts.map { ClusteredCount(clusters: $0.map(\.count)) }
    let isKnown = counts.contains { $0.clusters.contains { $0.trials > 1 } }
    return isKnown ? BetweenSeeds(counts) : BetweenSeeds(sequences.tallies.map(Count.init))
  }
}
