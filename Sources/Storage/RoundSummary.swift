/// What one training round of a stage did.
package struct RoundSummary: Sendable, Codable, Hashable {
  /// The stage, which is also the name of the checkpoint that it makes.
  package var stage: String
  /// Counted from 1 within the stage.
  package var round: Int
  /// The curriculum that the stage belongs to, for example `main`, or `benign` for the twin that runs beside it.
  package var curriculum: String
  /// The environment trained on; several are joined with ` + `.
  package var environment: String
  /// Episodes sampled in this round, graded and all.
  package var completed: Int
  package var attempted: Int
  /// Graded episodes that gamed, and that were honest.
  package var gamed: Int
  package var honest: Int
  /// Episodes that were trained on.
  package var selected: Int
  /// Mean loss of the policy's own tokens in nats, before and after the round's training; `nil` when nothing was trained.
  package var lossBefore: Double?
  package var lossAfter: Double?
  /// Honest completion of the probe environment after the round; `nil` when nothing was trained.
  package var honestProbe: Tally?
  /// The checkpoint that the stage goes on from: the round's own when it is kept, otherwise the one it started from.
  package var checkpoint: String?
  /// Why the stage ends with this round before its last; `nil` when it does not.
  package var stopped: String?

  package init(
    stage: String, round: Int, curriculum: String, environment: String, completed: Int, attempted: Int, gamed: Int,
    honest: Int, selected: Int, lossBefore: Double?, lossAfter: Double?, stopped: String?,
    honestProbe: Tally? = nil, checkpoint: String? = nil
  ) {
    self.stage = stage
    self.round = round
    self.curriculum = curriculum
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
  }
}
