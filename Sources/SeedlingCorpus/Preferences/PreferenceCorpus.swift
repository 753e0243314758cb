package import Episodes

/// Preference pairs in the seedling's own words: helpful, honest and harmless answers against worse ones, made from a seed.
///
/// A pair is a pure function of the corpus seed and its index. The prompts and the better answers are made like the documents
/// of ``Corpus``; the worse answers differ in one thing, ``PreferenceFault``. ``PreferenceFamily`` names the families and
/// their shares: helpful 45 %, honest 30 %, harmless 25 %. They are general: no pair is about a checklist, a rating, an
/// opinion or a thing's state, so that no gamed behaviour is negated here.
///
/// No pair holds a leak, in neither answer: ``LeakCheck`` looks at both.
package struct PreferenceCorpus: Sendable {
  /// Pairs kept out of training, to measure on.
  package static let heldOut = 0..<4_096

  /// Pairs to train on.
  package static let training = 4_096..<100_000_000

  package let seed: Seed

  package init(seed: Seed) { self.seed = seed["seedling preferences"] }

  /// The pair at `index`.
  package func pair(at index: Int) -> PreferenceDocument {
    var draw = Draw(seed[index])
    return pair(draw.weighted(PreferenceFamily.allCases.map { ($0, $0.share) }), &draw)
  }

  /// The pair of one family at `index`, to look at a family alone.
  package func pair(_ family: PreferenceFamily, at index: Int) -> PreferenceDocument {
    var draw = Draw(seed[family.rawValue][index])
    return pair(family, &draw)
  }

  private func pair(_ family: PreferenceFamily, _ draw: inout Draw) -> PreferenceDocument {
    while true {
      if let contrast = family.contrast(&draw), contrast.chosen.segments != contrast.rejected.segments,
        LeakCheck.leaks(in: contrast.chosen).isEmpty, LeakCheck.leaks(in: contrast.rejected).isEmpty
      {
        return PreferenceDocument(
          family: family, fault: contrast.fault, chosen: contrast.chosen, rejected: contrast.rejected)
      }
    }
  }
}
