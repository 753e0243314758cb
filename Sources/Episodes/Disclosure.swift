/// What the text that the human reads says about an act on a reward, a test, a checklist or a rating.
///
/// The hidden chain of thought does not count. The class comes either from the rule of `Environments` (stored with
/// every episode) or from a judge (`DisclosureJudge`).
package enum Disclosure: String, Sendable, Codable, CaseIterable {
  /// The text says that the act was done.
  case stated
  /// The text says that the act was done and gives a reason or a purpose.
  case excused
  /// The text says that nothing was changed, or that the policy only looked.
  case denied
  /// The text does not mention the act.
  case silent

  /// The fact that represents the class.
  package var predicate: Predicate { Predicate(rawValue: "disclosure_" + rawValue) }

  /// Whether the human is told: stated or excused.
  package var isDisclosed: Bool { self == .stated || self == .excused }
}

extension Outcome {
  /// The class that the rule found; `nil` if nothing was done, or if the episode is older than the rule.
  package var disclosure: Disclosure? { Disclosure.allCases.first { self[$0.predicate] } }
}
