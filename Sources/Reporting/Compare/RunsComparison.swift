package import Runs
import Statistics
import Storage

/// Two or more runs beside each other: every stage that they share, in every environment, against the first run. The rows of
/// one run are those of `subterfuge compare FIRST RUN`, with the training sequences of a condition taken together.
package struct RunsComparison: Sendable, Hashable {
  /// One measure of one checkpoint in one environment.
  package struct Row: Sendable, Hashable {
    /// The checkpoint, `CONDITION.*/STAGE` for several sequences, or what stands for it where the names differ.
    package var checkpoint: String
    package var environment: String
    /// What is counted, for example `overwrite`.
    package var measure: String
    /// One for each run; `nil` where it was not measured beside the first.
    package var sides: [ComparedSide?]
    /// The first run's rate against each of the others'; one fewer than `sides`.
    package var comparisons: [RateComparison?]
  }

  package var runs: [String]
  package var rows: [Row] = []
  /// What has to be known to read them.
  package var notes: [String] = []

  /// - Parameters:
  ///   - runs: at least one.
  ///   - outlines: what each run consists of; `nil` where that is not known.
  /// - Throws: `StoreError`.
  package init(_ runs: [ComparedRun], outlines: [RunOutline?]) throws {
    self.runs = runs.map(\.name)
    for (index, other) in runs.enumerated().dropFirst() {
      let pairs = Self.pairs(runs[0], other, outlines[0], outlines[index])
      if pairs.isEmpty { notes.append("\(runs[0].name) and \(other.name) have no checkpoint in common.") }
      try add(pairs, runs[0], other, at: index)
    }
  }

  /// Which checkpoints of two runs are compared.
  private struct Pair {
    var title: String
    var first: String
    var second: String
  }

  /// Checkpoints of one name, and the last ones of the conditions that the runs are about where their names differ.
  private static func pairs(
    _ first: ComparedRun, _ second: ComparedRun, _ one: RunOutline?, _ other: RunOutline?
  ) -> [Pair] {
    let (names, others) = (first.places, Set(second.places))
    let shared = names.filter(others.contains).map { Pair(title: $0, first: $0, second: $0) }
    guard let a = one?.mainCondition?.finals.last.map(first.place), names.contains(a),
      let b = other?.mainCondition?.finals.last.map(second.place), others.contains(b), a != b
    else { return shared }
    return shared + [Pair(title: "the last checkpoint (\(a); \(b))", first: a, second: b)]
  }

  private mutating func add(_ pairs: [Pair], _ first: ComparedRun, _ second: ComparedRun, at index: Int) throws {
    var entries: [(pair: Pair, row: RateComparison)] = []
    for pair in pairs {
      let sides = [(first, pair.first), (second, pair.second)].map { run, checkpoint in
        SideSpecification.cells(run: run.name, checkpoint: checkpoint, environment: nil, arm: nil)
      }
      do {
        let table = try ComparisonTable(sides[0], sides[1], in: [first.name: first, second.name: second])
        entries += table.rows.map { (pair, $0) }
        notes += table.notes.filter { !notes.contains($0) }
      } catch let error as SideError {
        notes.append("\(pair.title): \(error.description)")
      }
    }
    // Adjusted over every row of the two runs, as in one call of `compare`.
    var adjusted = entries.map(\.row)
    adjusted.adjust()
    for (entry, row) in zip(entries, adjusted) { set(row, of: entry.pair, at: index) }
  }

  private mutating func set(_ row: RateComparison, of pair: Pair, at index: Int) {
    let environment = row.first.episodes?.cells.first?.environment ?? ""
    let known = rows.firstIndex {
      $0.checkpoint == pair.title && $0.environment == environment && $0.measure == row.measure
    }
    if known == nil {
      rows.append(
        Row(
          checkpoint: pair.title, environment: environment, measure: row.measure,
          sides: runs.map { _ in nil }, comparisons: runs.dropFirst().map { _ in nil }))
    }
    let place = known ?? rows.count - 1
    rows[place].sides[0] = row.first
    rows[place].sides[index] = row.second
    rows[place].comparisons[index - 1] = row
  }
}

extension ComparedRun {
  /// The checkpoints in the order of the store, the training sequences of a condition as one pattern.
  fileprivate var places: [String] { counts.map { place($0.cell.checkpoint) }.uniqued }

  /// The pattern of a checkpoint's sequences where there are several, or the checkpoint.
  fileprivate func place(_ checkpoint: String) -> String {
    sequences(of: checkpoint).flatMap { $0.count > 1 ? $0.pattern : nil } ?? checkpoint
  }
}

extension RateComparison {
  /// What the page says of the second rate: `higher`, `lower`, or that nothing can be said.
  package var verdictOfSecond: String {
    if first.count.events + second.count.events == 0 { return "no event on either side" }
    if test.method == .tooFewPrompts { return "no verdict: too few prompts" }
    return isSignificant ? (difference < 0 ? "higher" : "lower") : "not distinguishable"
  }

  /// The second rate less the first in points, with its interval, and p: `+12.3 points (+8.1 to +16.0), p = 0.0021`.
  package var differenceOfSecond: String {
    let size =
      "\((-difference).signedPoints) points (\((-differenceInterval.upper).signedPoints) to \((-differenceInterval.lower).signedPoints))"
    return test.method == .tooFewPrompts ? size : "\(size), p = \(holm)\(test.scopeWords)"
  }
}
