import RealModule

/// One count from each of several replicates, which differ in their seeds alone.
package struct Replicates: Sendable, Codable, Hashable {
  /// In the order of the replicates.
  package var counts: [Count]

  package init(_ counts: [Count]) { self.counts = counts }

  /// All trials together. Its interval holds for these replicates; where they differ, other seeds may lie outside of it.
  package var pooled: Count { counts.reduce(Count(events: 0, trials: 0), +) }

  /// The lowest and the highest rate; `nil` when no replicate has trials.
  package var range: ClosedRange<Double>? {
    let rates = counts.compactMap(\.rate)
    guard let low = rates.min(), let high = rates.max() else { return nil }
    return low...high
  }

  /// Whether the replicates differ by more than chance: the test of Fisher, Freeman and Halton (Biometrika 38, 1951), the
  /// probability, given all margins, of tables at most as likely as the one seen. Two replicates are tested exactly, by
  /// `fisherExact`; more by drawing tables at random, which is as exact as the number of draws: the share of tables with
  /// the one seen among them, so never below 1 / (draws + 1).
  ///
  /// Without events, or with fewer than two replicates, it is 1.
  ///
  /// - Parameters:
  ///   - draws: how many tables are drawn.
  ///   - generator: one with a stated seed, so that the value can be computed again.
  package func heterogeneity(draws: Int = 20_000, using generator: inout some RandomNumberGenerator) -> PValue {
    let counts = counts.filter { $0.trials > 0 }
    if counts.count < 2 { return PValue(naturalLog: 0) }
    if counts.count == 2 { return fisherExact(counts[0], counts[1]) }
    let table = CountTable(counts)
    // Tables that differ by rounding only count as equally likely, as in `fisherExact`.
    let limit = table.logWeight(counts.map(\.events)) + 1e-7
    // Not one such table would be drawn in years.
    if table.logBound(limit) < -40 { return PValue(naturalLog: -Double.log(Double(draws + 1))) }
    var atMost = 1
    for _ in 0..<draws where table.logWeight(table.draw(using: &generator)) <= limit { atMost += 1 }
    return PValue(naturalLog: Double.log(Double(atMost) / Double(draws + 1)))
  }
}

/// All tables with the margins of several counts.
private struct CountTable {
  private let trials: [Int]
  private let events: Int
  /// The log of C(n, k) for each replicate, by k.
  private let logChoices: [[Double]]

  init(_ counts: [Count]) {
    trials = counts.map(\.trials)
    events = counts.reduce(0) { $0 + $1.events }
    let known = Dictionary(grouping: trials, by: \.self).mapValues { [events] in Self.logChoices($0[0], upTo: events) }
    logChoices = trials.map { known[$0, default: []] }
  }

  /// The log of a table's probability, but for a constant.
  func logWeight(_ events: [Int]) -> Double {
    zip(logChoices, events).reduce(0) { $0 + $1.0[$1.1] }
  }

  /// A bound of the log of the probability of all tables whose weight is at most `limit`: as if every table had it. There are
  /// no more tables than ways to fill in all replicates but one.
  func logBound(_ limit: Double) -> Double {
    let total = Self.logChoices(trials.reduce(0, +), upTo: events).last ?? 0
    let ways = trials.map { Double.log(Double(min($0, events) + 1)) }
    return limit - total + ways.reduce(0, +) - (ways.max() ?? 0)
  }

  /// A table with the probability that chance gives it: the events are dealt to one replicate after another.
  func draw(using generator: inout some RandomNumberGenerator) -> [Int] {
    var (events, rest) = (events, trials.reduce(0, +))
    return trials.map { trials in
      rest -= trials
      let share = Hypergeometric(first: trials, second: rest, events: events).draw(using: &generator)
      events -= share
      return share
    }
  }

  private static func logChoices(_ n: Int, upTo limit: Int) -> [Double] {
    (0..<min(n, limit)).reduce(into: [0]) { logs, k in
      logs.append((logs.last ?? 0) + Double.log(Double(n - k) / Double(k + 1)))
    }
  }
}
