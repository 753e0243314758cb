package import Episodes
package import Runs
import Storage

/// An environment under other arms than its standard one: what the start and the last checkpoints of each condition do in
/// each arm in which they were measured.
package struct ArmTable: Sendable, Codable, Hashable {
  package var environment: RunOutline.Environment
  /// The start's first, then condition by condition; within one the standard arm first, then the others by name.
  package var rows: [Row]

  package struct Row: Sendable, Codable, Hashable {
    /// The condition whose last checkpoints these are; `nil` for the start.
    package var condition: String?
    package var arm: Arm
    /// How many sequences the condition has.
    package var sequences: Int
    /// One for each measure of the environment; `nil` where it does not apply.
    package var cells: [Cell?]
  }

  package struct Cell: Sendable, Codable, Hashable {
    package var estimate: Estimate
    package var sequences: Sequences
    /// Against the same checkpoints in the standard arm; `nil` there.
    package var againstStandard: Comparison?
    /// Against the start in the same arm; `nil` for the start and where that was not measured.
    package var againstStart: Comparison?
  }

  /// One table for each environment with other arms, the held-out ones first. Where an arm has no episodes of the report's
  /// purpose, those of the gate are counted. What the gate alone measured is left to the gate's own table.
  static func all(_ subject: RunOutline, counts: CountIndex) -> [ArmTable] {
    let ends = subject.ends
    let names = Set(ends.flatMap(\.checkpoints).map(\.name))
    let own = counts.cells.filter { names.contains($0.checkpoint) && $0.arm != .standard }
    let environments = subject.environments.filter(\.isHeldOut) + subject.environments.filter { !$0.isHeldOut }
    return environments.compactMap { environment in
      let cells = own.filter { $0.environment == environment.name }
      guard cells.contains(where: { $0.purpose == subject.purpose }) else { return nil }
      let arms = [.standard] + Set(cells.map(\.arm)).sorted { $0.rawValue < $1.rawValue }
      let builder = ArmRows(environment: environment, purposes: [subject.purpose, "gate"], counts: counts)
      let start = ends.first { $0.condition == nil }
      return ArmTable(
        environment: environment,
        rows: ends.flatMap { end in
          let rows = arms.compactMap { builder.row(end, $0, start: start) }
          return rows.contains { $0.arm != .standard } ? rows : []
        })
    }
  }
}

/// Makes the rows of one table.
private struct ArmRows {
  let environment: RunOutline.Environment
  /// In the order in which they are preferred.
  let purposes: [String]
  let counts: CountIndex

  func row(_ end: RunOutline.Stage, _ arm: Arm, start: RunOutline.Stage?) -> ArmTable.Row? {
    let cells = environment.measures.map { measure -> ArmTable.Cell? in
      guard let own = measured(end, arm, measure) else { return nil }
      // The same checkpoints in two arms are pairs.
      func comparison(_ other: Measured?) -> Comparison? {
        other.flatMap { Comparison(of: own, against: $0, sameSequences: own.checkpoints == $0.checkpoints) }
      }
      return ArmTable.Cell(
        estimate: own.estimate, sequences: own.sequences,
        againstStandard: arm == .standard ? nil : comparison(measured(end, .standard, measure)),
        againstStart: end.condition == nil ? nil : comparison(start.flatMap { measured($0, arm, measure) }))
    }
    if cells.allSatisfy({ $0 == nil }) { return nil }
    return ArmTable.Row(condition: end.condition, arm: arm, sequences: end.checkpoints.count, cells: cells)
  }

  private func measured(_ end: RunOutline.Stage, _ arm: Arm, _ measure: RunOutline.Measure) -> Measured? {
    counts.measure(
      end.checkpoints.map(\.name), environment.name, measure.predicate, arm: arm, purposes: purposes)
  }
}
