import Episodes
import Runs

/// One of our rates beside the paper's of the same name.
package struct PaperLine: Sendable, Codable, Hashable {
  /// What is ours: a condition, a stage, an arm.
  package var ours: String
  /// The pooled rates in the held-out environment; `nil` where not measured.
  package var overwrite: Estimate?
  package var overwriteAndPass: Estimate?
  package var paper: PaperFigure

  /// Everything that has a counterpart in the paper; empty when no condition names one.
  static func all(_ subject: RunOutline, gaming: Matrix, table: ConditionTable, arms: [ArmTable]) -> [PaperLine] {
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
  private static func armLines(_ subject: RunOutline, _ arms: [ArmTable]) -> [PaperLine] {
    guard let table = arms.first(where: \.environment.isHeldOut) else { return [] }
    let columns = table.environment.measures.map { subject.column(table.environment, $0) }
    return table.rows.filter { $0.condition == nil || $0.condition == subject.mainCondition?.name }.compactMap { row in
      let known = row.condition == nil ? PaperFigure.untrainedArms : PaperFigure.trainedArms
      return known[row.arm].map { figure in
        let ours = "\(row.condition ?? subject.baseline ?? "start"), arm \(row.arm.rawValue)"
        return line(ours, figure, columns, row.cells.map { $0?.estimate })
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
