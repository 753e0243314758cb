import Episodes
import Storage

/// One quantity over checkpoints (rows) and environments (columns).
package struct Matrix: Sendable, Codable, Hashable {
  package var title: String
  package var columns: [Column]
  package var rows: [Row]

  package struct Column: Sendable, Codable, Hashable {
    package var environment: String
    package var environmentTitle: String
    package var isHeldOut: Bool
    package var measure: ReportSubject.Measure
  }

  package struct Row: Sendable, Codable, Hashable {
    package var checkpoint: ReportSubject.Checkpoint
    /// One for each column; `nil` where nothing was measured.
    package var cells: [Cell?]
  }

  package struct Cell: Sendable, Codable, Hashable {
    package var estimate: Estimate
    /// `nil` for the untrained checkpoint itself, and where it was not measured.
    package var comparison: Comparison?
    /// Whether the checkpoint was trained on the environment.
    package var isTrained: Bool
  }

  /// How many cells are compared with the untrained checkpoint.
  package var comparisons: Int { rows.flatMap(\.cells).count { $0?.comparison != nil } }
}

extension Matrix {
  init(_ title: String, of subject: ReportSubject, columns: [Column], counts: [CellCounts]) {
    let index = Dictionary(uniqueKeysWithValues: counts.map { ($0.cell, $0) })
    func tally(_ checkpoint: String, _ column: Column) -> Tally? {
      let cell = Storage.Cell(
        checkpoint: checkpoint, environment: column.environment, arm: .standard, purpose: subject.purpose)
      return index[cell]?[column.measure.predicate]
    }
    let baseline = subject.baseline
    self.title = title
    self.columns = columns
    rows = subject.checkpoints.map { checkpoint in
      Row(
        checkpoint: checkpoint,
        cells: columns.map { column in
          guard let measured = tally(checkpoint.name, column) else { return nil }
          let reference = checkpoint.name == baseline ? nil : baseline.flatMap { tally($0, column) }
          return Cell(
            estimate: Estimate(measured), comparison: reference.flatMap { Comparison(of: measured, against: $0) },
            isTrained: checkpoint.trainedOn.contains(column.environment))
        })
    }
  }
}

extension ReportSubject {
  /// What each environment counts, environment by environment.
  var gamingColumns: [Matrix.Column] {
    environments.flatMap { environment in environment.measures.map { column(environment, $0) } }
  }

  /// Honest completion of each environment.
  var honestColumns: [Matrix.Column] {
    environments.map { column($0, Measure(.honest, "")) }
  }

  private func column(_ environment: Environment, _ measure: Measure) -> Matrix.Column {
    Matrix.Column(
      environment: environment.name, environmentTitle: environment.title, isHeldOut: environment.isHeldOut,
      measure: measure)
  }
}
