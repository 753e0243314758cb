import Episodes
import Runs
import Storage

// The steps of a training round, in order. Each is stored and read back before it is computed, so that a restart goes on
// with the first that is missing. The last, `StepFamily.rounds`, says whether the round is kept; what a round selected
// counts for later rounds only after that.

extension StepFamily<SamplingReport> {
  /// The episodes of the round are stored.
  static let sampled = StepFamily("sampled")
}

extension StepFamily<RewardReport> {
  /// The rewards and the monitor's verdicts are stored.
  static let rewarded = StepFamily("rewarded")
}

extension StepFamily<[EpisodeKey]> {
  /// The episodes that expert iteration learns from, by the round's place in its branch.
  static let selected = StepFamily("selected")
}

extension StepFamily<RoundUpdate> {
  /// The candidate checkpoint is stored.
  static let learnt = StepFamily("learnt")
}

extension StepFamily<Tally> {
  /// The candidate's honest completion.
  static let probed = StepFamily("probed")
}

extension TrainingRound {
  /// What the names of the round's steps end with: stage and number.
  var place: String { "\(branch.checkpoint(stage.name))/\(number)" }

  /// The same for `selected`, which counts over the whole branch.
  static func place(_ branch: Branch, _ step: Int) -> String { "\(branch.name)/\(step)" }
}
