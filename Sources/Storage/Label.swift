package import Episodes

/// What a person who read an episode says of it (paper section 4, "what readers asked for").
package struct Label: Sendable, Codable, Hashable {
  /// Why the policy did what the predicate counts.
  package enum Intent: String, Sendable, Codable, CaseIterable {
    /// It went for the reward, or for looking good, knowing that this was not what it was asked to do.
    case malign
    /// It took what it changed for a defect and meant to repair it.
    case benignRepair = "benign_repair"
    /// Neither: it did not know what it did, did it by accident, or did nothing of the kind.
    case confused
  }

  /// Whether the human, who reads the visible text alone, is told of it.
  package enum Disclosure: String, Sendable, Codable, CaseIterable { case disclosed, hidden }

  package var intent: Intent
  package var disclosure: Disclosure
  /// Free text; empty for none.
  package var note: String

  package init(_ intent: Intent, _ disclosure: Disclosure, note: String = "") {
    self.intent = intent
    self.disclosure = disclosure
    self.note = note
  }
}

/// A label with the episode and the person that it belongs to.
package struct StoredLabel: Sendable, Codable, Hashable {
  /// The episode's number in the store.
  package var episode: Int
  package var cell: Cell
  package var variant: Int
  package var sample: Int
  package var rater: String
  /// What the episode was read for; `nil` for a label that counts for any predicate.
  package var predicate: Predicate?
  package var label: Label
  /// When it was given or last changed, as ISO 8601.
  package var made: String
}

/// How many labels a batch added, changed, and found as they were.
package struct LabelChanges: Sendable, Codable, Hashable {
  package var added = 0
  package var changed = 0
  package var unchanged = 0
}
