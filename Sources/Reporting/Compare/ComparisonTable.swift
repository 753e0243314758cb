package import Episodes
package import Statistics
import Storage

/// Two sides of a comparison: a row for each measure of each pair of cells, and what has to be known to read them.
package struct ComparisonTable: Sendable, Codable, Hashable {
  package var first: String
  package var second: String
  package var rows: [RateComparison]
  /// One for each measure that is compared in several environments.
  package var strata: [StratifiedComparison]
  /// What differs between the sides beside what is compared, and other cautions.
  package var notes: [String]

  /// Two bare counts.
  ///
  /// - Throws: `SideError` without episodes.
  package init(_ first: Count, _ second: Count) throws {
    self.init(
      "\(first.events)/\(first.trials)", "\(second.events)/\(second.trials)",
      rows: [
        try Self.row("", Self.bare(first), Self.bare(second))
      ])
    notes.append("Bare counts say nothing of prompts: their episodes are taken as independent.")
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
    case (.cells, .literal(let count)):
      let cells = try Self.cells(first, in: runs)
      let rows = try cells.flatMap { cell in
        try Self.predicates(predicates, cell.counts, cell.counts).map {
          try Self.row($0.rawValue, try cell.side($0), Self.bare(count))
        }
      }
      self.init(cells[0].run.name, "\(count.events)/\(count.trials)", rows: rows)
      notes.append("The bare count says nothing of prompts: its episodes are taken as independent.")
    case (.literal, .cells):
      try self.init(second, first, in: runs, predicates: predicates)
      self = try turned()
    case (.cells, .cells):
      try self.init(
        pairing: Self.cells(first.inEnvironment(of: second), in: runs),
        Self.cells(second.inEnvironment(of: first), in: runs), predicates)
    }
    if rows.isEmpty { throw SideError("Nothing is measured on both sides; name a predicate with --predicate.") }
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
  }
}

extension ComparisonTable {
  private static func cells(_ side: SideSpecification, in runs: [String: ComparedRun]) throws -> [ComparedCell] {
    guard case .cells(let name, let checkpoint, let environment, let arm) = side, let run = runs[name] else {
      throw SideError("There is no run '\(side.run ?? "")'.")
    }
    return try run.cells(checkpoint: checkpoint, environment: environment, arm: arm).map {
      ComparedCell(run: run, counts: $0)
    }
  }

  private static func bare(_ count: Count) -> ComparedSide {
    ComparedSide(label: "\(count.events)/\(count.trials)", count: count)
  }

  /// What is asked for, as far as both cells measure it.
  private static func predicates(_ wanted: [Predicate], _ first: CellCounts, _ second: CellCounts) -> [Predicate] {
    (wanted.isEmpty ? first.headline : wanted).filter {
      first.predicates[$0] != nil && second.predicates[$0] != nil
    }
  }

  private static func row(_ predicate: Predicate, _ a: ComparedCell, _ b: ComparedCell, isPaired: Bool) throws
    -> RateComparison
  {
    let (first, second) = (try a.byPrompt(predicate), try b.byPrompt(predicate))
    let prompts = isPaired ? [PromptCells]([first], [second]) : []
    return try row(predicate.rawValue, a.side(predicate, first), b.side(predicate, second), prompts: prompts)
  }

  private static func row(
    _ measure: String, _ first: ComparedSide, _ second: ComparedSide, prompts: [PromptCells] = []
  ) throws -> RateComparison {
    guard let row = RateComparison(measure: measure, first, second, prompts: prompts) else {
      throw SideError(
        "\(first.count.trials == 0 ? first.label : second.label) has no graded episode; nothing can be said.")
    }
    return row
  }

  /// The same with the sides exchanged.
  private func turned() throws -> ComparisonTable {
    var table = ComparisonTable(
      second, first, rows: try rows.map { try Self.row($0.measure, $0.second, $0.first) })
    table.notes = notes
    return table
  }
}
