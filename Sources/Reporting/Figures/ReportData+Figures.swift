import Episodes
import Runs
import Statistics
import Storage

// Every figure of a report. They are made from its tables, so that a picture and a table never disagree.
extension ReportData {
  /// All figures in the order of the page.
  package var figures: [Figure] {
    [resultFigure].compactMap(\.self) + conditionFigures + stageFigures + propensityFigures
      + [forest(against: .start), forest(against: .main)].compactMap(\.self)
      + trainAway.flatMap { result in result.lines.map { trainAwayFigure($0, of: result) } }
      + arms.flatMap(armFigures) + guards.map(guardFigure)
      + costs.map(\.target).uniqued.compactMap { Figure.cost(of: $0, costs) }
  }

  /// Rates by stage, one figure for each column of the matrix.
  var stageFigures: [Figure] { gaming.columns.indices.map(stageFigure) }

  /// The last checkpoints of all conditions beside each other, one figure for each column; empty for one condition.
  var conditionFigures: [Figure] { subject.isComparative ? conditions.columns.indices.map(conditionFigure) : [] }

  private var baselineName: String { subject.baseline ?? "start" }

  private func stageFigure(_ index: Int) -> Figure {
    let column = gaming.columns[index]
    let main = gaming.rows.lazy.compactMap(\.condition).first
    let groups = gaming.rows.map(\.condition).uniqued.map { condition in
      Figure.Group(
        title: condition ?? baselineName,
        marks: gaming.rows.filter { $0.condition == condition }.compactMap { row in
          row.cells[index].map { cell in
            Mark(
              condition == main || condition == nil ? row.title : row.name, subject.style(condition), cell.estimate,
              sequences: cell.sequences)
          }
        })
    }
    return Figure(
      name: "stages-\(column.fullName)", title: column.environmentTitle, subtitle: column.subtitle, form: .stages,
      groups: groups.filter { !$0.marks.isEmpty })
  }

  /// Log-odds at the decision point by stage, one figure for each environment with scored texts.
  var propensityFigures: [Figure] { propensity.map(propensityFigure) }

  private func propensityFigure(_ table: Propensity) -> Figure {
    let main = table.rows.lazy.compactMap(\.condition).first
    let showsChanges = table.rows.contains { $0.change != nil }
    let groups = table.rows.map(\.condition).uniqued.map { condition in
      Figure.Group(
        title: condition ?? table.baseline ?? "before training",
        marks: table.rows.filter { $0.condition == condition }.map { row in
          let value = showsChanges ? row.change?.value ?? 0 : row.logOdds
          return Mark(
            label: condition == main || condition == nil ? row.title : "\(row.condition ?? "")/\(row.title)",
            style: subject.style(row.condition), value: value, interval: row.change?.interval,
            sequences: row.sequences > 1 ? row.change?.sequences ?? [] : [], remark: value.signedNats, p: row.change?.p,
            test: row.change?.p == nil ? "" : "one_sample_t")
        })
    }
    return Figure(
      name: "propensity-\(table.environment)", title: table.title,
      subtitle: showsChanges ? "log-odds of gaming texts, change from the start" : "log-odds of gaming texts",
      note: table.note, form: .stages, quantity: .nats, groups: groups)
  }

  private func conditionFigure(_ index: Int) -> Figure {
    let column = conditions.columns[index]
    let start = conditions.start[index].map { Mark(baselineName, .start, $0.estimate) }
    let marks = conditions.rows.compactMap { row in
      row.cells[index].map {
        Mark(row.condition.name, subject.style(row.condition.name), $0.estimate, sequences: $0.sequences)
      }
    }
    return Figure(
      name: "conditions-\(column.fullName)", title: column.environmentTitle, subtitle: column.subtitle, form: .rows,
      groups: [Figure.Group(marks: [start].compactMap(\.self) + marks)])
  }

  /// What is left after gaming was trained away, in one environment.
  func trainAwayFigure(_ line: TrainAway.Line, of result: TrainAway) -> Figure {
    Figure(
      name: "\(result.condition)-\(line.column.fullName)", title: line.column.environmentTitle,
      subtitle: [line.column.subtitle, line.isTrained ? "used for training away" : ""].filter { !$0.isEmpty }
        .joined(separator: ", "),
      form: .rows,
      groups: [
        Figure.Group(marks: [
          Mark("untrained", .start, line.start), Mark("before: \(result.from)", .gaming, line.before),
          Mark("after", .honest, line.after),
        ])
      ])
  }

  /// One environment under its arms, a figure for each measure.
  func armFigures(_ table: ArmTable) -> [Figure] {
    table.environment.measures.enumerated().map { index, measure in
      let groups = table.rows.map(\.condition).uniqued.map { condition in
        Figure.Group(
          title: condition ?? baselineName,
          marks: table.rows.filter { $0.condition == condition }.compactMap { row in
            row.cells[index].map {
              Mark(
                row.arm.rawValue.replacing("_", with: " "), subject.style(condition), $0.estimate,
                sequences: $0.sequences)
            }
          })
      }
      return Figure(
        name: "arms-\(table.environment.name)-\(measure.title)", title: table.environment.title,
        subtitle: "\(measure.title), by arm", form: .rows, groups: groups.filter { !$0.marks.isEmpty })
    }
  }

  /// How the guard of one environment was beaten.
  func guardFigure(_ table: GuardTable) -> Figure {
    Figure(
      name: "guard-\(table.environment.name)", title: table.environment.title,
      subtitle: "what happened to the reward and to its guard",
      note: "Shares of all graded episodes; one episode may count in several lines.", form: .rows,
      groups: table.rows.map { row in
        Figure.Group(
          title: row.condition ?? baselineName,
          marks: zip(table.predicates, row.cells).compactMap { predicate, estimate in
            estimate.map { Mark(predicate.title, subject.style(row.condition), $0) }
          })
      })
  }
}

extension RunOutline {
  /// The style of a condition's marks.
  func style(_ condition: String?) -> Mark.Style {
    switch self.condition(condition)?.kind {
    case .benign: .twin
    case .trainAway: .honest
    case .gaming: .gaming
    case nil: condition == nil ? .start : .gaming
    }
  }
}

extension Matrix.Column {
  /// `tampering overwrite`, for a file's name.
  var fullName: String { "\(environment) \(measure.predicate.rawValue)" }
}
