package import Episodes

/// A predicate's count over the graded episodes of one prompt variant. Episodes of one prompt form a cluster: they are
/// more alike than episodes of different prompts.
package struct VariantCount: Sendable, Hashable, Codable {
  package var variant: Int
  /// The number of episodes in which the predicate applies, and the number in which it holds.
  package var applies: Int
  package var holds: Int

  package init(variant: Int, applies: Int, holds: Int) {
    self.variant = variant
    self.applies = applies
    self.holds = holds
  }
}

/// The outcomes of one cell's graded episodes, by prompt.
package struct VariantOutcomes: Sendable {
  /// Episodes of one prompt that share an outcome.
  private struct Group {
    var variant: Int
    var applies: Int64
    var holds: Int64
    var episodes: Int
  }

  private let bits: PredicateBits
  private var groups: [Group] = []

  init(_ bits: PredicateBits) { self.bits = bits }

  mutating func add(variant: Int, applies: Int64, holds: Int64, episodes: Int) {
    groups.append(Group(variant: variant, applies: applies, holds: holds, episodes: episodes))
  }

  /// Returns the number of episodes in which the first predicates hold, and the others apply and do not hold.
  package func episodes(holding: [Predicate], lacking: [Predicate]) -> Int {
    guard let holding = bits.mask(holding), let lacking = bits.mask(lacking) else { return 0 }
    return groups.reduce(0) { sum, group in
      let matches = group.holds & holding == holding && group.applies & ~group.holds & lacking == lacking
      return matches ? sum + group.episodes : sum
    }
  }

  /// Returns a predicate's count for every variant, ordered by variant number, and omits variants in which it applies
  /// to no episode.
  package subscript(_ predicate: Predicate) -> [VariantCount] {
    guard let mask = bits.mask([predicate]) else { return [] }
    var counts: [Int: VariantCount] = [:]
    for group in groups where group.applies & mask != 0 {
      counts[group.variant, default: VariantCount(variant: group.variant, applies: 0, holds: 0)].applies +=
        group.episodes
      if group.holds & mask != 0 { counts[group.variant]?.holds += group.episodes }
    }
    return counts.values.sorted { $0.variant < $1.variant }
  }
}
