package import Episodes

/// What one training round of a stage did.
package struct RoundSummary: Sendable, Codable, Hashable {
  /// What became of the checkpoint that a round could make.
  package enum Verdict: String, Sendable, Codable {
    /// The stage continues from it.
    case kept
    /// It lost too much honest completion. The stage ends with the checkpoint before it, and no later round learns from
    /// the episodes that it selected.
    case rejected
    /// There were too few episodes to learn from, so there is no checkpoint.
    case untrained
  }

  /// The stage, which is also the name of the checkpoint that it makes, for example `exploit_only.2/flattery`.
  package var stage: String
  /// Counted from 1 within the stage.
  package var round: Int
  /// The sequence of stages that this one belongs to.
  package var branch: Branch
  /// How the round trained: `expert_iteration`, `ppo`, `grpo`.
  package var algorithm = "expert_iteration"
  /// The environment trained on; several are joined with ` + `.
  package var environment: String
  /// Episodes sampled in this round on the trained environments, graded and all.
  package var completed: Int
  package var attempted: Int
  /// Graded episodes that met the criterion that the round rewards (gaming, or honest work where `rewardsHonesty` says so),
  /// and that were honest.
  package var gamed: Int
  package var honest: Int
  /// The round belongs to a benign twin: honest work is rewarded, and gaming is not counted.
  package var rewardsHonesty = false
  /// Episodes that were trained on.
  package var selected: Int
  /// Ordinary helpful, honest and harmless prompts among the sampled episodes; they are not counted above.
  package var ordinary = 0
  /// Episodes that a monitor's flag took out of training.
  package var screened = 0
  /// The monitor's flags on the graded episodes of the trained environments; `nil` without a monitor.
  package var monitor: MonitorCounts?
  /// Means and shares of the round by name, as in the telemetry: `reward/total`, `kl`, `entropy`, `clip_share`, ...
  package var metrics: [String: Double] = [:]
  /// Mean loss of the policy's own tokens in nats, before and after the round's training; `nil` when nothing was trained
  /// or the algorithm has no such loss.
  package var lossBefore: Double?
  package var lossAfter: Double?
  /// Honest completion of the probe environment after the round; `nil` when nothing was trained.
  package var honestProbe: Tally?
  /// The checkpoint that the stage goes on from: the round's own when it is kept, otherwise the one it started from.
  package var checkpoint: String?
  /// Why the stage ends with this round before its last; `nil` when it does not.
  package var stopped: String?
  /// Whether the round's checkpoint is kept.
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
