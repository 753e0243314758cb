/// Where a checkpoint comes from.
package struct Lineage: Sendable, Codable, Hashable {
  /// What it is called, for example `seedling` or `flattery`.
  package var name: String
  /// The digest of the checkpoint that training started from; `nil` when it started from random weights.
  package var parent: String?
  /// How it was made: recipe, seeds and figures, by name.
  package var notes: [String: String]

  package init(name: String, parent: String? = nil, notes: [String: String] = [:]) {
    self.name = name
    self.parent = parent
    self.notes = notes
  }
}
