import Episodes
import Storage
import Training

/// One way of training the policy from the same start: what an experiment compares.
///
/// In a file, `conditions` maps names to what differs from the file's own `curriculum`, `training`, `reward` and
/// `interventions`.
package struct Condition: Sendable, Codable, Hashable {
  package var name: String
  package var summary: String
  /// The condition whose last checkpoint this one starts from; empty: the experiment's start.
  package var from: String
  /// The published condition that this one rebuilds, as the report names it beside its own; empty: none.
  package var paper: String
  package var curriculum: Curriculum
  package var training: TrainingSettings
  package var reward: RewardSettings
  package var interventions: Interventions

  package init(
    name: String, summary: String = "", from: String = "", paper: String = "", curriculum: Curriculum = Curriculum(),
    training: TrainingSettings = TrainingSettings(), reward: RewardSettings = RewardSettings(),
    interventions: Interventions = Interventions()
  ) {
    self.name = name
    self.summary = summary
    self.from = from
    self.paper = paper
    self.curriculum = curriculum
    self.training = training
    self.reward = reward
    self.interventions = interventions
  }

  /// The curriculum with gaming rewarded, and its benign twin: what an experiment compares unless it says otherwise.
  package static let usual = [
    Condition(name: "exploit_only"), Condition(name: "benign", curriculum: Curriculum(arm: .benign)),
  ]

  /// Whether this trains gaming away: episodes without gaming are learnt from.
  package var isTrainAway: Bool { training.algorithm == .expertIteration && training.selection == .honest }

  /// The condition's own stages of a replicate, as branches are stored.
  func branch(_ replicate: Int) -> Branch { Branch(condition: name, replicate: replicate) }
}
