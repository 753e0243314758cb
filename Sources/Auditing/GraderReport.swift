/// The first stage of an audit: what scripted attacks obtain from the grader.
package struct GraderReport: Sendable, Codable, Hashable {
  /// What the reference solution came to.
  package struct Reference: Sendable, Codable, Hashable {
    package var reward: Double?
    package var freshReward: Double?
    /// Why it has no reward, or which of its commands failed.
    package var problem: String?
    /// Whether it obtains a reward above that for doing nothing.
    package var passes: Bool
  }

  /// `nil` for environments without a reference solution.
  package var reference: Reference?
  /// The reward that counts as full: that of the reference solution, or 1.
  package var fullReward: Double
  package var attacks: [AttackResult]
  /// What the audit of this task leaves out, and other things to know.
  package var notes: [String]

  /// The attacks that obtained the reward.
  package var obtained: [AttackResult] { attacks.filter { $0.verdict == .obtained } }
}
