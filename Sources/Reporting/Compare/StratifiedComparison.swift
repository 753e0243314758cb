import Episodes
package import Statistics
import Storage

/// One measure of two checkpoints compared in several environments at once: is it the same way in all of them? The test
/// takes episodes as independent, so rows whose prompts or sequences are shared have none.
package struct StratifiedComparison: Sendable, Codable, Hashable {
  package var measure: String
  /// The checkpoints and arms that are compared.
  package var first: String
  package var second: String
  package var environments: [String]
  /// The odds of the first side over those of the second, common to all environments (Mantel and Haenszel).
  package var test: MantelHaenszel

  private struct Key: Hashable {
    var measure: String
    var first: String
    var second: String
  }

  /// One for each measure and pair of checkpoints that is compared in two environments or more.
  static func all(_ rows: [(a: ComparedCell, b: ComparedCell, row: RateComparison)]) -> [StratifiedComparison] {
    var keys: [Key] = []
    var groups: [Key: [(a: ComparedCell, b: ComparedCell, row: RateComparison)]] = [:]
    let independent = rows.filter { $0.row.first.intervalMethod == .exact && $0.row.second.intervalMethod == .exact }
    for entry in independent where entry.a.cell.environment == entry.b.cell.environment {
      let key = Key(measure: entry.row.measure, first: entry.a.checkpointLabel, second: entry.b.checkpointLabel)
      if groups[key] == nil { keys.append(key) }
      groups[key, default: []].append(entry)
    }
    return keys.compactMap { key in
      guard let group = groups[key], group.count > 1 else { return nil }
      return StratifiedComparison(
        measure: key.measure, first: key.first, second: key.second, environments: group.map(\.a.cell.environment),
        test: MantelHaenszel(strata: group.map { ($0.row.first.count, $0.row.second.count) }))
    }
  }
}

extension ComparedCell {
  /// `run:checkpoint`, and the arm where it is not the standard one.
  fileprivate var checkpointLabel: String {
    ([run.name, cell.checkpoint] + (cell.arm == .standard ? [] : [cell.arm.rawValue])).joined(separator: ":")
  }
}
