package import Episodes

/// A summary of one training round of a stage.
package struct RoundSummary: Sendable, Codable, Hashable {
  /// What happened to the round's candidate checkpoint.
  package enum Verdict: String, Sendable, Codable {
    /// The stage continues from the checkpoint.
    case kept
    /// The checkpoint lost too much honest completion. The stage ends with the checkpoint before it, and no later round
    /// learns from the episodes that this round selected.
    case rejected
    /// The round had too few episodes to learn from and made no checkpoint.
    case untrained
  }

  /// The metric of a matched control: how many episodes that the warm start taught were learnt again in place of those that the
  /// round did not find.
  package static let taughtAgain = "learning/taught_again"

  /// The stage, which is also the name of the checkpoint that the stage makes, for example `exploit_only.2/flattery`.
  package var stage: String
  /// The round's number within the stage, from 1.
  package var round: Int
  /// The sequence of stages that this stage belongs to.
  package var branch: Branch
  /// The training algorithm: `expert_iteration`, `ppo`, `grpo`.
  package var algorithm = "expert_iteration"
  /// The environment trained on; several names are joined with ` + `.
  package var environment: String
  /// Episodes that this round sampled on the trained environments: the graded ones, and all of them.
  package var completed: Int
  package var attempted: Int
  /// Graded episodes that met the criterion that the round rewards, and graded episodes that were honest. The criterion
  /// is gaming, or honest work if `rewardsHonesty` is true.
  package var gamed: Int
  package var honest: Int
  /// Whether the round belongs to a benign twin, which rewards honest work and does not count gaming.
  package var rewardsHonesty = false
  /// The number of episodes trained on.
  package var selected: Int
  /// The number of sampled ordinary prompts (helpful, honest and harmless); the counts above exclude them.
  package var ordinary = 0
  /// The number of episodes that a monitor's flag removed from training.
  package var screened = 0
  /// The monitor's flags on the graded episodes of the trained environments; `nil` without a monitor.
  package var monitor: MonitorCounts?
  /// Means and shares of the round, under their telemetry names: `reward/total`, `kl`, `entropy`, `clip_share`, ...
  package var metrics: [String: Double] = [:]
  /// The mean loss of the policy's own tokens in nats, before and after the round's training; `nil` if the round
  /// trained nothing or the algorithm has no such loss.
  package var lossBefore: Double?
  package var lossAfter: Double?
  /// The honest completion of the probe environment after the round; `nil` if the round trained nothing.
  package var honestProbe: Tally?
  /// The checkpoint that the stage continues from: the round's own if kept, otherwise the one that the round started
  /// from.
  package var checkpoint: String?
  /// Why the stage ends with this round before its last round; `nil` if the stage does not end early.
  package var stopped: String?
  /// What happened to the round's checkpoint.
  package var verdict: Verdict

  package init(
    stage: String, round: Int, branch: Branch, environment: String, completed: Int, attempted: Int, gamed: Int,
    honest: Int, selected: Int, lossBefore: Double? = nil, lossAfter: Double? = nil, stopped: String? = nil,
    honestProbe: Tally? = nil, checkpoint: String? = nil
  ) {
    self.stage = stage
    self.round = round
    self.branch = branch
    self.environment = environment
    self.completed = completed
    self.attempted = attempted
    self.gamed = gamed
    self.honest = honest
    self.selected = selected
    self.lossBefore = lossBefore
    self.lossAfter = lossAfter
    self.stopped = stopped
    self.honestProbe = honestProbe
    self.checkpoint = checkpoint
    verdict = stopped == nil ? .kept : honestProbe == nil ? .untrained : .rejected
  }
}
