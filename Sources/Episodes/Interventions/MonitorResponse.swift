/// What a monitor's flag does to an episode's training (Wong et al. 2025, "Steering RL training").
package enum MonitorResponse: Sendable, Codable, Hashable {
  /// Takes this much, 0 or more, from the episode's reward.
  case penalty(Double)
  /// Takes the episode out of training: it is not selected, and it counts for no baseline and no advantage.
  case screening
}

extension RewardTerms {
  /// The terms after a monitor has spoken. Without a flag they stay as they are; the penalties of several monitors add up.
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
  /// The terms of all episodes after a monitor has spoken; those without a verdict stay as they are.
  package func responding(
    to verdicts: [EpisodeKey: MonitorVerdict], with response: MonitorResponse
  ) -> [EpisodeKey: RewardTerms] {
    merging(
      verdicts.compactMap { key, verdict in self[key].map { (key, $0.responding(to: verdict, with: response)) } }
    ) { $1 }
  }
}
