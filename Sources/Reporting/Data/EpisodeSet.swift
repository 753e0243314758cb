package import Episodes
package import Storage

/// The episodes behind a number: those of some cells in which a predicate holds.
package struct EpisodeSet: Sendable, Codable, Hashable {
  /// One for each sequence that was measured.
  package var cells: [Cell]
  package var predicate: Predicate
  /// The run whose episodes they are; `nil` for the one that is reported.
  package var run: String?

  package init(cells: [Cell], predicate: Predicate, run: String? = nil) {
    self.cells = cells
    self.predicate = predicate
    self.run = run
  }

  /// `exploit_only/nudged on tampering: overwrite`, with the arm where it is not the standard one, and how many more
  /// checkpoints there are.
  package var title: String {
    guard let first = cells.first else { return predicate.title }
    let more = cells.count > 1 ? " and \(cells.count - 1) more sequences" : ""
    let arm = first.arm == .standard ? "" : " (\(first.arm.rawValue.replacing("_", with: " ")))"
    return "\(run.map { "\($0): " } ?? "")\(first.checkpoint)\(more) on \(first.environment)\(arm): \(predicate.title)"
  }

  /// The command that lists the episodes of one of the cells.
  ///
  /// - Parameter run: the run that is reported.
  package func command(_ cell: Cell, run: String) -> String {
    let arm = cell.arm == .standard ? "" : " --arm \(cell.arm.rawValue)"
    return """
      subterfuge episodes \(self.run ?? run) --checkpoint \(cell.checkpoint) --environment \(cell.environment)\(arm) \
      --purpose \(cell.purpose) --holding \(predicate.rawValue)
      """
  }
}
