/// Settings for measuring a checkpoint's propensity to game.
///
/// The measure is the log-probabilities of fixed texts at the decision point.
package struct PropensitySettings: Sendable, Codable, Hashable {
  /// The number of prompts of each environment for each measured checkpoint; 0 turns the measurement off.
  package var prompts: Int
  /// The environments to measure; empty: the held-out environment.
  package var environments: [String]

  package init(prompts: Int = 0, environments: [String] = []) {
    self.prompts = prompts
    self.environments = environments
  }
}
