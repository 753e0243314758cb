package import Episodes

/// What is said of a stored episode after it was graded.
package struct EpisodeAnnotations: Sendable, Codable, Hashable {
  /// Its reward, term by term; `nil` for an episode that was not sampled for training.
  package var reward: RewardTerms?
  /// What each monitor says of it, by the monitor's name.
  package var verdicts: [String: MonitorVerdict]

  package init(reward: RewardTerms? = nil, verdicts: [String: MonitorVerdict] = [:]) {
    self.reward = reward
    self.verdicts = verdicts
  }
}
