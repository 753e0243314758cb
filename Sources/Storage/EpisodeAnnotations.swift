package import Episodes

/// Annotations that a stored episode receives after grading.
package struct EpisodeAnnotations: Sendable, Codable, Hashable {
  /// The episode's reward, term by term; `nil` if the episode was not sampled for training.
  package var reward: RewardTerms?
  /// The verdict of each monitor, by the monitor's name.
  package var verdicts: [String: MonitorVerdict]

  package init(reward: RewardTerms? = nil, verdicts: [String: MonitorVerdict] = [:]) {
    self.reward = reward
    self.verdicts = verdicts
  }
}
