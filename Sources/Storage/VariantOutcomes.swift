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
