package import Episodes

/// A predicate's count over the graded episodes of one prompt variant. Episodes of one prompt are a cluster: they are
/// more alike than episodes of different ones.
package struct VariantCount: Sendable, Hashable, Codable {
  package var variant: Int
  /// In how many episodes the predicate applies, and in how many it holds.
  package var applies: Int
  package var holds: Int

  package init(variant: Int, applies: Int, holds: Int) {
    self.variant = variant
    self.applies = applies
    self.holds = holds
  }
}

/// What came of the graded episodes of one cell, prompt by prompt.
package struct VariantOutcomes: Sendable {
  /// Episodes of one prompt that came out alike.
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

  /// In how many episodes some predicates hold and others apply and do not hold.
  package func episodes(holding: [Predicate], lacking: [Predicate]) -> Int {
    guard let holding = bits.mask(holding), let lacking = bits.mask(lacking) else { return 0 }
    return groups.reduce(0) { sum, group in
      let matches = group.holds & holding == holding && group.applies & ~group.holds & lacking == lacking
      return matches ? sum + group.episodes : sum
    }
  }

  /// A predicate's count for every variant in the order of their numbers. Variants to none of whose episodes it applies
  /// are left out.
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
