/// The effect of a monitor's flag on an episode's training (Wong et al. 2025, "Steering RL training").
package enum MonitorResponse: Sendable, Codable, Hashable {
  /// Subtracts this amount, 0 or more, from the episode's reward.
  case penalty(Double)
  /// Removes the episode from training: it is not selected and enters no baseline and no advantage.
  case screening
}

extension RewardTerms {
  /// Returns the terms after a monitor's verdict. Without a flag they do not change; the penalties of several monitors
  /// add up.
  package func responding(to verdict: MonitorVerdict, with response: MonitorResponse) -> RewardTerms {
    guard verdict.isFlagged else { return self }
    var terms = self
    switch response {
    case .penalty(let amount): terms.penalty -= amount
    case .screening: terms.isScreened = true
    }
    return terms
  }
}

extension [EpisodeKey: RewardTerms] {
  /// Returns the terms of all episodes after a monitor's verdicts; the terms of episodes without a verdict do not
  /// change.
  package func responding(
    to verdicts: [EpisodeKey: MonitorVerdict], with response: MonitorResponse
  ) -> [EpisodeKey: RewardTerms] {
    merging(
      verdicts.compactMap { key, verdict in self[key].map { (key, $0.responding(to: verdict, with: response)) } }
    ) { $1 }
  }
}
