import Episodes
package import Runs
import Statistics
import Storage

/// One quantity over stages (rows) and environments (columns).
package struct Matrix: Sendable, Codable, Hashable {
  package var title: String
  package var columns: [Column]
  package var rows: [Row]

  package struct Column: Sendable, Codable, Hashable {
    package var environment: String
    package var environmentTitle: String
    package var isHeldOut: Bool
    package var measure: RunOutline.Measure
  }

  /// A stage of a condition with all of its sequences, or a checkpoint from before training.
  package struct Row: Sendable, Codable, Hashable {
    /// The stage's name within its condition, or the checkpoint's.
    package var title: String
    /// `nil` before training.
    package var condition: String?
    /// One for each sequence, in the order of replicates.
    package var checkpoints: [RunOutline.Checkpoint]
    /// One for each column; `nil` where nothing was measured.
    package var cells: [Cell?]

    /// How the row is called outside of its group: the checkpoint's name, or `condition/stage` for several sequences.
    package var name: String {
      checkpoints.count == 1 ? checkpoints[0].name : [condition, title].compactMap(\.self).joined(separator: "/")
    }
  }

  package struct Cell: Sendable, Codable, Hashable {
    /// Pooled over the sequences of the row that were measured.
    package var estimate: Estimate
    package var sequences: Sequences
    /// `nil` for the untrained checkpoint itself, and where it was not measured.
    package var comparison: Comparison?
    /// Whether a checkpoint of the row was trained on the environment.
    package var isTrained: Bool
  }

  /// How many cells are compared with the untrained checkpoint.
  package var comparisons: Int { rows.flatMap(\.cells).count { $0?.comparison != nil } }

  /// Whether nothing was measured.
  package var isEmpty: Bool { rows.allSatisfy { $0.cells.allSatisfy { $0 == nil } } }

  /// The most sequences that a row has.
  package var sequences: Int { rows.map(\.checkpoints.count).max() ?? 0 }
}

extension Matrix.Cell {
  /// - Parameter baseline: what the untrained checkpoint counted; `nil` to compare with nothing.
  init(_ measured: Measured, against baseline: Measured?, isTrained: Bool) {
    estimate = measured.estimate
    comparison = baseline.flatMap { Comparison(of: measured, against: $0) }
    sequences = measured.sequences
    self.isTrained = isTrained
  }
}

extension Matrix {
  init(_ title: String, of subject: RunOutline, columns: [Column], counts: CountIndex) {
    self.init(title, of: subject, rows: subject.stages, columns: columns, counts: counts)
  }

  init(
    _ title: String, of subject: RunOutline, rows: [RunOutline.Stage], columns: [Column], counts: CountIndex
  ) {
    func measure(_ checkpoints: [String], _ column: Column) -> Measured? {
      counts.measure(
        checkpoints, column.environment, column.measure.predicate, arm: subject.arm, purposes: [subject.purpose])
    }
    let baseline = subject.baseline
    self.title = title
    self.columns = columns
    self.rows = rows.map { stage in
      let isBaseline = stage.checkpoints.contains { $0.name == baseline }
      let cells = columns.map { column in
        measure(stage.checkpoints.map(\.name), column).map {
          Cell(
            $0, against: isBaseline ? nil : baseline.flatMap { measure([$0], column) },
            isTrained: stage.checkpoints.contains { $0.trainedOn.contains(column.environment) })
        }
      }
      return Row(title: stage.title, condition: stage.condition, checkpoints: stage.checkpoints, cells: cells)
    }
  }
}

extension RunOutline {
  /// What each environment counts, environment by environment.
  var gamingColumns: [Matrix.Column] {
    environments.flatMap { environment in environment.measures.map { column(environment, $0) } }
  }

  /// Honest completion of each environment.
  var honestColumns: [Matrix.Column] {
    environments.map { column($0, Measure(.honest, "")) }
  }

  func column(_ environment: Environment, _ measure: Measure) -> Matrix.Column {
    Matrix.Column(
      environment: environment.name, environmentTitle: environment.title, isHeldOut: environment.isHeldOut,
      measure: measure)
  }
}
