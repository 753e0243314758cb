import Episodes
import Training

/// Makes checkpoints of what rounds selected, and the preference model that scores them. A run's is its `CheckpointTrainer`, or a
/// `TorchLearner`.
protocol RoundLearner: Sendable {
  /// Fine-tunes a checkpoint on selected episodes with other examples mixed in, and keeps the result under a name.
  ///
  /// - Parameters:
  ///   - start: the checkpoint that training changes.
  ///   - reference: the checkpoint that `settings.klCoefficient` holds it near.
  ///   - measures: whether the loss is wanted.
  /// - Returns: the loss on the first selected episodes before and after.
  func fineTune(
    _ start: String, into name: String, on selected: [TrainingExample], mixed: [TrainingExample],
    settings: TrainingSettings, reference: String, measures: Bool, seed: Seed
  ) throws -> FineTuneLoss

  /// Reinforces a checkpoint on a round's rollouts, and keeps the result under a name.
  ///
  /// - Parameters:
  ///   - reference: the checkpoint that divergence is measured from.
  ///   - continuing: the checkpoint of the round before, whose optimiser state this round continues; `nil` in a first round.
  func reinforce(
    _ start: String, into name: String, on rollouts: [Rollout], options: PolicyGradientOptions, reference: String,
    continuing: String?
  ) throws -> PolicyGradientReport

  /// Trains the run's preference model on pairs, and keeps it, once.
  func trainPreferenceModel(on pairs: [PreferencePair], settings: PreferenceSettings, seed: Seed) throws
}

/// The loss on what was learnt, in nats per token that the policy wrote.
struct FineTuneLoss: Sendable {
  /// The selected episodes that it is measured on. Each is read twice, so that all of them would slow every round.
  static let episodes = 8

  var before: Float?
  var after: Float?
}
