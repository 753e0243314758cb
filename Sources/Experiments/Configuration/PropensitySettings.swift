/// How far checkpoints lean to gaming at the decision point, by the log-probabilities of fixed texts.
package struct PropensitySettings: Sendable, Codable, Hashable {
  /// Prompts of each environment for each measured checkpoint; 0: no such measurement.
  package var prompts: Int
  /// The environments; empty: the held-out one.
  package var environments: [String]

  package init(prompts: Int = 0, environments: [String] = []) {
    self.prompts = prompts
    self.environments = environments
  }
}
