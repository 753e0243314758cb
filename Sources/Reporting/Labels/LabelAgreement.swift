import Episodes
package import Statistics
import Storage

/// How far the raters agree on the positives that they read.
package struct LabelAgreement: Sendable, Codable, Hashable {
  /// Two raters on the episodes that both read: Cohen's kappa.
  package struct Pair: Sendable, Codable, Hashable {
    package var first: String
    package var second: String
    package var episodes: Int
    package var intent: Agreement
    package var disclosure: Agreement
  }

  /// Every pair that has read an episode in common.
  package var pairs: [Pair]
  /// Krippendorff's alpha of all raters, over the episodes that two or more of them read.
  package var intent: Agreement
  package var disclosure: Agreement
  /// How many episodes two or more raters read.
  package var episodes: Int

  /// - Parameter episodes: the labels of each episode by rater.
  init(_ episodes: [[String: Label]], raters: [String]) {
    self.episodes = episodes.count { $0.count > 1 }
    intent = Self.alpha(episodes, raters, \.intent)
    disclosure = Self.alpha(episodes, raters, \.disclosure)
    pairs = raters.indices.flatMap { first in
      raters.indices.dropFirst(first + 1).compactMap { Self.pair(raters[first], raters[$0], episodes) }
    }
  }

  private static func pair(_ first: String, _ second: String, _ episodes: [[String: Label]]) -> Pair? {
    let common = episodes.compactMap { labels in
      labels[first].flatMap { one in labels[second].map { (one, $0) } }
    }
    if common.isEmpty { return nil }
    return Pair(
      first: first, second: second, episodes: common.count,
      intent: CohensKappa(common.map { ($0.intent, $1.intent) }).agreement(),
      disclosure: CohensKappa(common.map { ($0.disclosure, $1.disclosure) }).agreement())
  }

  private static func alpha(
    _ episodes: [[String: Label]], _ raters: [String], _ path: KeyPath<Label, some Hashable>
  ) -> Agreement {
    var generator = SeededGenerator(Seed(1))
    return KrippendorffAlpha(episodes.map { labels in raters.map { labels[$0]?[keyPath: path] } })
      .agreement(using: &generator)
  }
}
