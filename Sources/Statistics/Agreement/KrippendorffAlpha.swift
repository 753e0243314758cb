/// The agreement of any number of raters who sort items into categories, where not every rater rated every item
/// (Krippendorff, Content Analysis, 2004, chapter 11; nominal data).
package struct KrippendorffAlpha: Sendable, Hashable {
  /// How often each category was given to an item; only items with two ratings or more, the others cannot agree.
  private let items: [[Int]]

  /// - Parameter ratings: one row an item, one element a rater, `nil` where a rater did not rate it. Rows may differ in
  ///   length.
  package init<Category: Hashable>(_ ratings: [[Category?]]) {
    var places: [Category: Int] = [:]
    for category in ratings.joined().compactMap(\.self) where places[category] == nil {
      places[category] = places.count
    }
    items = ratings.map { row in
      row.compactMap(\.self).reduce(into: [Int](repeating: 0, count: places.count)) { counts, category in
        places[category].map { counts[$0] += 1 }
      }
    }
    .filter { $0.reduce(0, +) > 1 }
  }

  /// How many items have at least two ratings.
  package var pairable: Int { items.count }

  /// Alpha with a percentile bootstrap over items, each of which keeps all of its ratings; draws with one category only are
  /// left out, because alpha is not defined on them. It is narrow for fewer than about twenty items. When no item is
  /// disputed, every draw is 1; then the lower end is alpha with as many items disputed as the exact upper bound
  /// (Clopper and Pearson) allows.
  ///
  /// - Parameters:
  ///   - draws: how often the items are drawn again.
  ///   - generator: one with a stated seed, so that the interval can be computed again.
  package func agreement(
    confidence: Double = 0.95, draws: Int = 2000, using generator: inout some RandomNumberGenerator
  ) -> Agreement {
    guard items.count > 1 else { return .tooFewRatings }
    let all = items.reduce(into: Disagreement(categories: items[0].count)) { $0.add($1) }
    guard let alpha = all.alpha else { return .oneCategory }
    let tail = Count.error(of: confidence) / 2
    if all.observed == 0 {
      let disputed = Count(events: 0, trials: items.count).clopperPearson(confidence: confidence).upper
      return .measured(coefficient: 1, interval: Interval(lower: max(-1, all.alpha(disputed: disputed)), upper: 1))
    }
    let drawn = (0..<draws).compactMap { _ in draw(using: &generator).alpha }.sorted()
    // The sample itself counts as a draw: the interval holds its alpha, however few draws there are.
    let low = min(alpha, Self.quantile(drawn, tail) ?? alpha)
    let high = max(alpha, Self.quantile(drawn, 1 - tail) ?? alpha)
    return .measured(coefficient: alpha, interval: Interval(lower: low, upper: high))
  }

  private func draw(using generator: inout some RandomNumberGenerator) -> Disagreement {
    items.indices.reduce(into: Disagreement(categories: items[0].count)) { sum, _ in
      sum.add(items[Int.random(in: items.indices, using: &generator)])
    }
  }

  /// With linear interpolation between neighbours, as NumPy's default.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double? {
    guard let last = sorted.indices.last else { return nil }
    let place = share * Double(last)
    let index = min(Int(place), max(0, last - 1))
    return sorted[index] + (place - Double(index)) * (sorted[min(last, index + 1)] - sorted[index])
  }
}

/// The sums that alpha is made of.
private struct Disagreement {
  /// Ratings by category.
  private var ratings: [Int]
  /// The sum over items of the pairs that differ, each item's divided by its ratings less one; at most the ratings.
  private(set) var observed = 0.0

  init(categories: Int) { ratings = [Int](repeating: 0, count: categories) }

  mutating func add(_ item: [Int]) {
    let count = item.reduce(0, +)
    let squares = item.reduce(0) { $0 + $1 * $1 }
    observed += Double(count * count - squares) / Double(count - 1)
    for (place, number) in item.enumerated() { ratings[place] += number }
  }

  /// `nil` when all ratings are of one category.
  var alpha: Double? { differing == 0 ? nil : alpha(observed) }

  /// Alpha if this share of the items were disputed as much as an item can be.
  func alpha(disputed share: Double) -> Double { alpha(share * Double(count)) }

  private func alpha(_ observed: Double) -> Double { 1 - Double(count - 1) * observed / Double(differing) }

  private var count: Int { ratings.reduce(0, +) }

  /// The ordered pairs of all ratings, whosever items they are of, that differ.
  private var differing: Int { count * count - ratings.reduce(0) { $0 + $1 * $1 } }
}
