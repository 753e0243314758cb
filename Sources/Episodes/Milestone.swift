/// A station on the way of an episode to a rare event, at which rare-event estimation may clone it.
///
/// It is a property of the episode so far: a predicate that the environment finds to hold once a command has run, or a
/// phrase that the policy has written, in its chain of thought or anywhere else. Entering a milestone counts as having
/// entered all before it, and none is ever left.
package struct Milestone: Sendable, Codable, Hashable {
  package var name: Predicate
  /// Any of these, letter by letter, in what the policy wrote; empty for a milestone that is a predicate.
  package var phrases: [String]

  package init(_ name: Predicate, phrases: [String] = []) {
    self.name = name
    self.phrases = phrases
  }
}

extension Transcript {
  /// Whether the policy itself wrote one of these texts; what was put into its mouth does not count.
  package func says(anyOf phrases: [String]) -> Bool {
    let own = segments.filter { $0.source == .policy }.map(\.text)
    return phrases.contains { phrase in own.contains { $0.contains(phrase) } }
  }
}
