package import Episodes

/// A gamed and an honest episode of one prompt.
package struct MatchedPair: Sendable, Hashable {
  package let positive: Episode
  package let negative: Episode
}

/// Pairs of episodes by prompt: within each prompt as many of the one kind as of the other, so that nothing about the
/// prompt tells them apart (topic, names of files, wording).
package struct MatchedPairs: Sendable {
  /// The pairs of each prompt, in order of environment, arm and variant.
  package let prompts: [[MatchedPair]]
  /// Episodes of prompts where the other kind was short.
  package let unmatched: Int

  /// Pairs that are formed within each prompt in an order that `seed` fixes.
  package init(positives: [Episode], negatives: [Episode], seed: Seed) {
    func grouped(_ episodes: [Episode]) -> [PromptKey: [Episode]] {
      Dictionary(grouping: episodes) { PromptKey($0.key) }
        .mapValues { $0.sorted { $0.key.seed(in: seed).value < $1.key.seed(in: seed).value } }
    }
    let (gamed, honest) = (grouped(positives), grouped(negatives))
    prompts = gamed.keys.sorted().compactMap { key in
      let pairs = zip(gamed[key] ?? [], honest[key] ?? []).map { MatchedPair(positive: $0, negative: $1) }
      return pairs.isEmpty ? nil : pairs
    }
    unmatched = positives.count + negatives.count - 2 * prompts.reduce(0) { $0 + $1.count }
  }
}

/// Which prompt an episode has.
struct PromptKey: Hashable, Comparable {
  private let environment: String
  private let arm: String
  private let variant: Int

  init(_ key: EpisodeKey) { (environment, arm, variant) = (key.environment, key.arm.rawValue, key.variant) }

  static func < (left: PromptKey, right: PromptKey) -> Bool {
    (left.environment, left.arm, left.variant) < (right.environment, right.arm, right.variant)
  }
}
