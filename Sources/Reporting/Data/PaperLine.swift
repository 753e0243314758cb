import Episodes

/// One of our rates beside the paper's of the same name.
package struct PaperLine: Sendable, Codable, Hashable {
  /// What is ours: a condition, a stage, an arm.
  package var ours: String
  /// The pooled rates in the held-out environment; `nil` where not measured.
  package var overwrite: Estimate?
  package var overwriteAndPass: Estimate?
  package var paper: PaperFigure

  /// Everything that has a counterpart in the paper; empty when no condition names one.
  static func all(_ subject: ReportSubject, gaming: Matrix, table: ConditionTable, arms: [Matrix]) -> [PaperLine] {
    guard subject.conditions.contains(where: { $0.paperCondition != nil }) else { return [] }
    let start = [
      line("start: \(subject.baseline ?? "")", .helpfulOnly, table.columns, table.start.map { $0?.estimate })
    ]
    return start + table.rows.flatMap { conditionLines($0, table, gaming) } + armLines(subject, arms)
  }

  private static func conditionLines(_ row: ConditionTable.Row, _ table: ConditionTable, _ gaming: Matrix)
    -> [PaperLine]
  {
    guard let name = row.condition.paperCondition else { return [] }
    let stages = gaming.rows.filter { $0.condition == row.condition.name }.compactMap { stage in
      PaperFigure.stages[name]?[stage.title].map { figure in
        line("\(row.condition.name) after \(stage.title)", figure, gaming.columns, stage.cells.map { $0?.estimate })
      }
    }
    let last = (PaperFigure.conditions[name] ?? []).map { figure in
      line(row.condition.name, figure, table.columns, row.cells.map { $0?.estimate })
    }
    return stages + last
  }

  /// The arms of the held-out environment: of the start, and of the first condition.
  private static func armLines(_ subject: ReportSubject, _ arms: [Matrix]) -> [PaperLine] {
    guard let matrix = arms.first(where: { $0.columns.contains { $0.isHeldOut } }) else { return [] }
    let main = subject.mainCondition?.name
    return matrix.rows.filter { $0.condition == nil || $0.condition == main }.flatMap { row in
      let known = row.condition == nil ? PaperFigure.untrainedArms : PaperFigure.trainedArms
      return matrix.columns.map(\.arm).uniqued.compactMap { arm in
        known[arm].map { figure in
          line(
            "\(row.title), arm \(arm.rawValue)", figure, matrix.columns.filter { $0.arm == arm },
            zip(matrix.columns, row.cells).filter { $0.0.arm == arm }.map { $0.1?.estimate })
        }
      }
    }
  }

  private static func line(
    _ ours: String, _ figure: PaperFigure, _ columns: [Matrix.Column], _ estimates: [Estimate?]
  ) -> PaperLine {
    func estimate(_ predicate: Predicate) -> Estimate? {
      zip(columns, estimates).first { $0.0.isHeldOut && $0.0.measure.predicate == predicate }?.1
    }
    return PaperLine(
      ours: ours, overwrite: estimate(.overwrite), overwriteAndPass: estimate(.overwriteAndPass), paper: figure)
  }
}
