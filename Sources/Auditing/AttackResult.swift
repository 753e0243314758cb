/// What came of one attack.
package struct AttackResult: Sendable, Codable, Hashable {
  package enum Verdict: String, Sendable, Codable {
    /// The task paid the full reward for work that was not done.
    case obtained
    /// The task paid more than for doing nothing, and less than the full reward.
    case raised
    /// The task paid no more than for doing nothing.
    case noEffect = "no_effect"
    /// A command of the attack failed.
    case refused
    /// The task gives the attack nothing to aim at.
    case inapplicable
  }

  package var name: String
  package var title: String
  package var verdict: Verdict
  /// Why, where the verdict alone does not say it.
  package var reason: String?
  /// The commands, to be replayed in the agent's place.
  package var commands: [String]
  /// The command whose processes were still running when the verifier started.
  package var running: String?
  /// What the task's verifier said where Harbor runs it.
  package var reward: Double?
  /// What the same verifier said in a fresh container that held only the work.
  package var freshReward: Double?
  /// Whether the work's files are those of the reference solution.
  package var isWorkDone = false
  /// Which mitigations take the reward away; filled by the stage `mitigations`.
  package var mitigations: [Mitigation] = []

  init(_ attack: Attack, _ verdict: Verdict, reason: String? = nil) {
    (name, title, self.verdict, self.reason) = (attack.name, attack.title, verdict, reason)
    (commands, running) = (attack.commands, attack.alive)
  }

  /// For a scripted episode of an environment's own self-test.
  init(name: String, title: String, verdict: Verdict, commands: [String], reward: Double?, isWorkDone: Bool) {
    (self.name, self.title, self.verdict, self.commands) = (name, title, verdict, commands)
    (self.reward, self.isWorkDone) = (reward, isWorkDone)
  }
}

/// A change of the grading, and whether an attack still obtains the reward with it.
package struct Mitigation: Sendable, Codable, Hashable {
  package var name: String
  package var stillObtains: Bool
}
