package import Episodes
package import Statistics
import Storage

/// Two sides of a comparison: a row for each measure of each pair of cells, and what has to be known to read them.
package struct ComparisonTable: Sendable, Codable, Hashable {
  package var first: String
  package var second: String
  package var rows: [RateComparison]
  /// One for each measure that is compared in several environments with independent episodes.
  package var strata: [StratifiedComparison]
  /// What differs between the sides beside what is compared, and other cautions.
  package var notes: [String]

  /// Two bare counts.
  ///
  /// - Throws: `SideError` without episodes.
  package init(_ first: Count, _ second: Count) throws { try self.init([first], [second]) }

  /// Bare counts, one for each training sequence of a side.
  private init(_ first: [Count], _ second: [Count]) throws {
    let sides = try [first, second].map(Self.bare)
    self.init(sides[0].label, sides[1].label, rows: [try Self.row("", sides[0], sides[1])])
    notes.append("Bare counts say nothing of prompts: their episodes are taken as independent.")
    noteSequences()
  }

  init(_ first: String, _ second: String, rows: [RateComparison]) {
    (self.first, self.second, self.rows) = (first, second, rows)
    (strata, notes) = ([], [])
    self.rows.adjust()
  }

  /// Compares cells of two runs (or of one), or cells with a bare count.
  ///
  /// - Parameters:
  ///   - runs: the runs that the sides name.
  ///   - predicates: what to count; what each environment is about when empty.
  /// - Throws: `SideError` for sides that do not fit together; `StoreError`.
  package init(
    _ first: SideSpecification, _ second: SideSpecification, in runs: [String: ComparedRun],
    predicates: [Predicate] = []
  ) throws {
    switch (first, second) {
    case (.literal(let one), .literal(let other)): try self.init(one, other)
    case (.cells, .literal(let counts)): try self.init(first, counts, isTurned: false, runs, predicates)
    case (.literal(let counts), .cells): try self.init(second, counts, isTurned: true, runs, predicates)
    case (.cells, .cells):
      try self.init(
        pairing: Self.cells(first.inEnvironment(of: second), in: runs),
        Self.cells(second.inEnvironment(of: first), in: runs), predicates)
    }
    if rows.isEmpty { throw SideError("Nothing is measured on both sides; name a predicate with --predicate.") }
  }

  /// - Parameter isTurned: the counts are the first side.
  private init(
    _ side: SideSpecification, _ counts: [Count], isTurned: Bool, _ runs: [String: ComparedRun],
    _ predicates: [Predicate]
  ) throws {
    let bare = try Self.bare(counts)
    let cells = try Self.cells(side, in: runs)
    let rows = try cells.flatMap { cell in
      try Self.predicates(predicates, cell.counts, cell.counts).compactMap { predicate in
        try cell.measured(predicate).map { measured in
          let own = (label: cell.label, measured: measured)
          return try Self.row(predicate.rawValue, isTurned ? bare : own, isTurned ? own : bare)
        }
      }
    }
    let name = cells[0].run.name
    self.init(isTurned ? bare.label : name, isTurned ? name : bare.label, rows: rows)
    notes.append("The bare count says nothing of prompts: its episodes are taken as independent.")
    noteSequences()
  }

  private init(pairing first: [ComparedCell], _ second: [ComparedCell], _ predicates: [Predicate]) throws {
    let (one, other) = (first[0].run, second[0].run)
    let pairing = try CellPairing(
      first.map(\.counts), second.map(\.counts), isSameRun: one.store.folder == other.store.folder)
    let pairs = pairing.pairs.map {
      (ComparedCell(run: one, counts: $0.first), ComparedCell(run: other, counts: $0.second))
    }
    var conditions = ComparedConditions(one, other)
    var entries: [(a: ComparedCell, b: ComparedCell, row: RateComparison)] = []
    for (a, b) in pairs {
      let isPaired = try conditions.haveSamePrompts(a, b)
      for predicate in Self.predicates(predicates, a.counts, b.counts) {
        entries.append((a, b, try Self.row(predicate, a, b, isPaired: isPaired)))
      }
    }
    self.init(one.name, other.name, rows: entries.map(\.row))
    strata = StratifiedComparison.all(entries)
    notes = try conditions.notes(pairs)
    noteSequences()
  }

  /// Says what a p value is about where a side has one training sequence, and what few sequences can show.
  private mutating func noteSequences() {
    notes +=
      rows.map(\.test).map { test in
        if test.scope == .withinRun {
          return """
            With one sequence a side the p compares two checkpoints within the run; a difference between trainings cannot be \
            tested.
            """
        }
        guard test.method == .permutation,
          let least = SeedTest.leastP(test.firstSequences, against: test.secondSequences)
        else { return "" }
        let counts = "\(test.firstSequences) against \(test.secondSequences)"
        return "With \(counts) sequences no difference can reach p < \(least.value.short)."
      }.filter { !$0.isEmpty }.uniqued
  }
}

extension ComparisonTable {
  private typealias Side = (label: String, measured: Measured)

  private static func cells(_ side: SideSpecification, in runs: [String: ComparedRun]) throws -> [ComparedCell] {
    guard case .cells(let name, let checkpoint, let environment, let arm) = side, let run = runs[name] else {
      throw SideError("There is no run '\(side.run ?? "")'.")
    }
    return try run.cells(checkpoint: checkpoint, environment: environment, arm: arm).map {
      ComparedCell(run: run, counts: $0)
    }
  }

  private static func bare(_ counts: [Count]) throws -> Side {
    let label = counts.map { "\($0.events)/\($0.trials)" }.joined(separator: "+")
    guard let measured = Measured(bare: counts) else { throw SideError("A side has no count.") }
    return (label, measured)
  }

  /// What is asked for, as far as both cells measure it.
  private static func predicates(_ wanted: [Predicate], _ first: CountedCells, _ second: CountedCells) -> [Predicate] {
    (wanted.isEmpty ? first.headline : wanted).filter { first.measures($0) && second.measures($0) }
  }

  private static func row(_ predicate: Predicate, _ a: ComparedCell, _ b: ComparedCell, isPaired: Bool) throws
    -> RateComparison
  {
    guard let first = try a.measured(predicate), let second = try b.measured(predicate) else {
      throw SideError("\(predicate.rawValue) applies to no graded episode of \(a.label) or of \(b.label).")
    }
    let isSameRun = a.run.store.folder == b.run.store.folder
    return try row(
      predicate.rawValue, (a.label, first), (b.label, second), samePrompts: isPaired,
      sameSequences: isSameRun && a.checkpoints == b.checkpoints)
  }

  private static func row(
    _ measure: String, _ first: Side, _ second: Side, samePrompts: Bool = false, sameSequences: Bool = false
  ) throws -> RateComparison {
    guard
      let row = RateComparison(
        measure: measure, first, second, samePrompts: samePrompts, sameSequences: sameSequences)
    else {
      let empty = first.measured.estimate.rate == nil ? first.label : second.label
      throw SideError("\(empty) has no graded episode; nothing can be said.")
    }
    return row
  }
}
