/// A count over two denominators: graded episodes, and all episodes including failed ones.
package struct Tally: Sendable, Hashable, Codable {
  package var events: Int
  package var completed: Int
  package var attempted: Int

  package init(events: Int, completed: Int, attempted: Int) {
    self.events = events
    self.completed = completed
    self.attempted = attempted
  }

  /// The share of graded episodes; `nil` if no episode was graded.
  package var rate: Double? { completed == 0 ? nil : Double(events) / Double(completed) }
}
