import Episodes
import Runs
import Storage
import Training

/// One way to train the policy. An experiment compares conditions that begin at the same start.
///
/// In a file, `conditions` maps each name to the settings that differ from the file's own `curriculum`, `training`,
/// `reward` and `interventions`.
package struct Condition: Sendable, Codable, Hashable {
  package var name: String
  package var summary: String
  /// The condition whose last checkpoint is the starting point; empty: the experiment's start.
  package var from: String
  /// The published condition that this condition rebuilds. The report shows both side by side; empty: none.
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

  /// The default conditions: the curriculum with gaming rewarded, and its benign twin.
  package static let usual = [
    Condition(name: "exploit_only"), Condition(name: "benign", curriculum: Curriculum(arm: .benign)),
  ]

  /// Whether the condition trains gaming away: the policy learns from episodes without gaming.
  package var isTrainAway: Bool { training.algorithm == .expertIteration && training.selection.trainsAway }

  /// Whether the condition is the control of one that rewards gaming: the benign arm, or episodes without gaming.
  package var isControl: Bool {
    curriculum.arm == .benign || training.algorithm == .expertIteration && training.selection.isControl
  }

  /// The stored branch that holds the condition's own stages of a replicate.
  func branch(_ replicate: Int) -> Branch { Branch(condition: name, replicate: replicate) }
}
