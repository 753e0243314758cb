import Episodes
import Runs
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

  /// How often the predicate of a set of episodes holds in them.
  func tally(_ set: EpisodeSet) -> Tally? {
    let tallies = set.cells.compactMap { counts[$0]?[set.predicate] }
    return tallies.isEmpty ? nil : tallies.pooled
  }

  /// How many episodes a cell has.
  func episodes(in cell: Cell) -> Int { counts[cell]?.attempted ?? 0 }

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
    let measured = Measured(sequences, prompts: prompts, episodes: episodes)
    known[episodes] = measured
    return measured
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

  /// The counts of every cell.
  var all: Dictionary<Cell, CellCounts>.Values { counts.values }

  /// Every cell in which something was measured.
  var cells: Dictionary<Cell, CellCounts>.Keys { counts.keys }
}
