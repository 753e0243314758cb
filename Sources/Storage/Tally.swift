/// A count over both denominators: graded episodes, and all episodes with those that failed.
package struct Tally: Sendable, Hashable, Codable {
  package var events: Int
  package var completed: Int
  package var attempted: Int

  package init(events: Int, completed: Int, attempted: Int) {
    self.events = events
    self.completed = completed
    self.attempted = attempted
  }

  /// The share of graded episodes; `nil` when none was graded.
  package var rate: Double? { completed == 0 ? nil : Double(events) / Double(completed) }
}
