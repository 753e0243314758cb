import Episodes
import GRDB

/// The number of graded episodes of a cell, at one place in the order of samples, in which a measure has a value.
package struct MeasureCount: Sendable, Hashable {
  package var cell: Cell
  package var sample: Int
  package var name: String
  package var value: Double
  package var episodes: Int
}

extension RunStore {
  /// Returns how often each measure has each value, over all episodes for a purpose. The method does not read episodes
  /// for other purposes.
  ///
  /// - Parameter names: the measures, for example `first_success`.
  package func measureCounts(_ names: [String], purpose: String) throws -> [MeasureCount] {
    let places = names.map { _ in "?" }.joined(separator: ", ")
    let sql = """
      SELECT checkpoint.name AS checkpoint, environment, arm, sample, measure.key AS measure, measure.value AS value,
        count(*) AS episodes
      FROM checkpoint JOIN cell ON checkpoint.id = checkpoint_id CROSS JOIN episode ON cell.id = cell_id
        CROSS JOIN json_each(episode.measures) AS measure
      WHERE purpose = ? AND stop IS NOT NULL AND measure.key IN (\(places))
      GROUP BY cell_id, sample, measure.key, measure.value ORDER BY cell_id, sample, measure.key, measure.value
      """
    return try read { db in
      try Row.fetchAll(db, sql: sql, arguments: [purpose] + StatementArguments(names)).map { row in
        MeasureCount(
          cell: Cell(
            checkpoint: row["checkpoint"], environment: row["environment"], arm: Arm(rawValue: row["arm"]),
            purpose: purpose),
          sample: row["sample"], name: row["measure"], value: row["value"], episodes: row["episodes"])
      }
    }
  }
}
