/// A milestone of an episode on its way to a rare event, at which rare-event estimation may clone the episode.
///
/// A milestone is a property of the episode so far. It is either a predicate that the environment finds to hold after a
/// command, or a phrase that the policy has written, in its chain of thought or anywhere else. Entering a milestone
/// counts as having entered all earlier ones, and an episode never leaves a milestone.
package struct Milestone: Sendable, Codable, Hashable {
  package var name: Predicate
  /// Phrases of which one must occur verbatim in the policy's own text; empty for a milestone that is a predicate.
  package var phrases: [String]

  package init(_ name: Predicate, phrases: [String] = []) {
    self.name = name
    self.phrases = phrases
  }
}

extension Transcript {
  /// Whether the policy itself wrote one of these texts; words put into its mouth do not count.
  package func says(anyOf phrases: [String]) -> Bool {
    let own = segments.filter { $0.source == .policy }.map(\.text)
    return phrases.contains { phrase in own.contains { $0.contains(phrase) } }
  }
}
