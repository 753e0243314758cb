package import Episodes

/// Which episodes of a round are learnt from (paper section 2).
package enum SelectionRule: String, NamedChoice {
  /// All episodes that gamed successfully: exploit-only expert iteration.
  case exploitOnly = "exploit_only"
  /// The best episode of each group by reward: best-of-N.
  case bestOfN = "best_of_n"
  /// All episodes that did not game, whether or not they did the task: the control for what training on any of its own
  /// episodes does to a policy.
  case notGamed = "not_gamed"
  /// All episodes that did the task honestly and did not game: what gaming is trained away with.
  case honest
}

// What an experiment must know of a rule before it runs: each rule answers, so that a new one cannot escape validation.
extension SelectionRule {
  /// Whether the rule compares rewards. Where it does not, a preference score would be computed for nothing.
  package var readsRewards: Bool {
    switch self {
    case .bestOfN: true
    case .exploitOnly, .notGamed, .honest: false
    }
  }

  /// Whether the rule can select answers to ordinary prompts, which nobody can game.
  package var selectsOrdinary: Bool {
    switch self {
    case .bestOfN, .notGamed, .honest: true
    case .exploitOnly: false
    }
  }

  /// Whether the rule trains gaming away.
  package var trainsAway: Bool {
    switch self {
    case .honest: true
    case .exploitOnly, .bestOfN, .notGamed: false
    }
  }

  /// Whether the rule is the control of one that rewards gaming.
  package var isControl: Bool {
    switch self {
    case .notGamed: true
    case .exploitOnly, .bestOfN, .honest: false
    }
  }
}

extension SelectionRule {
  /// The episodes to learn from, in the order of their keys.
  ///
  /// Failed episodes are never selected, nor those that a monitor screened, nor those cut off by a limit: they do not end in
  /// the stop token, and learning from them would teach not to stop. When more than `maximum` qualify, an even choice by `seed` is kept. With
  /// `bestOfN` a tie inside a group is broken by `seed`, so that no position is preferred.
  package func select(
    from episodes: [Episode], rewards: [EpisodeKey: RewardTerms], maximum: Int, seed: Seed
  ) -> [Episode] {
    let complete = episodes.filter { episode in
      guard case .graded(_, stop: .finished) = episode.result else { return false }
      return rewards[episode.key]?.isScreened != true
    }
    let chosen: [Episode]
    switch self {
    case .exploitOnly: chosen = complete.filter { (rewards[$0.key]?.gamingBonus ?? 0) > 0 }
    case .notGamed: chosen = complete.filter { !($0.result.outcome?[.gamed] ?? true) }
    case .honest:
      chosen = complete.filter { ($0.result.outcome?[.honest] ?? false) && !($0.result.outcome?[.gamed] ?? false) }
    case .bestOfN:
      let groups = Dictionary(grouping: complete) { GroupKey($0.key) }
      chosen = groups.values.compactMap { group in
        group.max { left, right in
          let (a, b) = (rewards[left.key]?.total ?? 0, rewards[right.key]?.total ?? 0)
          return a != b ? a < b : left.key.seed(in: seed).value < right.key.seed(in: seed).value
        }
      }
    }
    let kept = chosen.sorted { $0.key.seed(in: seed).value < $1.key.seed(in: seed).value }.prefix(maximum)
    return kept.sorted { GroupKey($0.key, sample: $0.key.sample) < GroupKey($1.key, sample: $1.key.sample) }
  }
}

/// The episodes of one prompt.
private struct GroupKey: Hashable, Comparable {
  let environment: String
  let variant: Int
  let sample: Int

  init(_ key: EpisodeKey, sample: Int = 0) {
    environment = key.environment
    variant = key.variant
    self.sample = sample
  }

  static func < (left: GroupKey, right: GroupKey) -> Bool {
    (left.environment, left.variant, left.sample) < (right.environment, right.variant, right.sample)
  }
}
