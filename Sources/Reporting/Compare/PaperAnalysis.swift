import Episodes
import Foundation
package import Statistics
import Storage

/// The paper's published counts and every check that they allow (Denison et al. 2024, arXiv 2406.10162 v3). All tests and
/// intervals take its episodes as independent: it does not say from which prompts the events are.
package struct PaperAnalysis: Sendable, Codable, Hashable {
  /// What the paper counts, in its two columns.
  package enum Measure: String, Sendable, Codable, CaseIterable {
    case overwrite
    case overwriteAndPass = "overwrite_and_pass"
  }

  /// A published count with its intervals, all at 95 %.
  package struct Rate: Sendable, Codable, Hashable {
    package var title: String
    package var measure: Measure
    package var count: Count
    package var clopperPearson: Interval
    package var wilson: Interval
    /// The exact one-sided upper bound.
    package var upperBound: Double

    init(_ title: String, _ measure: Measure, _ count: Count) {
      (self.title, self.measure, self.count) = (title, measure, count)
      clopperPearson = count.clopperPearson()
      wilson = count.wilson()
      upperBound = count.upperBound()
    }
  }

  /// Two published counts, tested against each other.
  package struct Check: Sendable, Codable, Hashable {
    package var first: Rate
    package var second: Rate
    package var ratio: RateRatio?
    /// Fisher's exact test, two-sided.
    package var p: PValue
    /// Adjusted by Holm for all pairs of the measure.
    package var holm: PValue
  }

  /// The chance to see at least one event in so many episodes.
  package struct Chance: Sendable, Codable, Hashable {
    package var rate: Double
    package var episodes: Int
    package var chance: Double
  }

  package var rates: [Rate]
  /// Every pair of published counts of one measure.
  package var checks: [Check]
  package var chances: [Chance]
  /// Where the paper's numbers do not fit each other.
  package var inconsistencies: [String]

  /// - Parameter ours: counts of one's own that stand beside the paper's, by measure.
  package init(beside ours: [Measure: (title: String, count: Count)] = [:]) {
    rates = Measure.allCases.flatMap { measure in
      let own = ours[measure].map { [Rate($0.title, measure, $0.count)] } ?? []
      return own
        + PaperFigure.published.compactMap { figure in
          figure.count(measure).map { Rate(figure.title, measure, $0) }
        }
    }
    checks = Measure.allCases.flatMap { [rates] measure in Self.checks(rates.filter { $0.measure == measure }) }
    chances = [100, 1_000, 10_000, 21_397].map { episodes in
      let rate = episodes == 21_397 ? 1.4e-4 : 45.0 / 32_768
      return Chance(rate: rate, episodes: episodes, chance: RareEvents.chanceToSee(rate: rate, trials: episodes))
    }
    inconsistencies = PaperFigure.inconsistencies
  }

  private static func checks(_ rates: [Rate]) -> [Check] {
    var checks = rates.indices.flatMap { index in
      rates[(index + 1)...].map { Check(rates[index], $0) }
    }
    for (index, p) in checks.map(\.p).holm().enumerated() { checks[index].holm = p }
    return checks
  }

  /// What a run counts of the held-out environment, by measure.
  ///
  /// - Throws: `SideError` when the side is no single cell in which overwriting is measured.
  package static func ours(_ side: SideSpecification, in runs: [String: ComparedRun]) throws
    -> [Measure: (title: String, count: Count)]
  {
    guard case .cells(let name, let checkpoint, let environment, let arm) = side, let run = runs[name] else {
      throw SideError("Name a checkpoint of a run to put beside the paper's: RUN:CHECKPOINT.")
    }
    let cells = try run.cells(checkpoint: checkpoint, environment: environment, arm: arm).filter {
      $0.measures(.overwrite)
    }
    guard let cell = cells.first, cells.count == 1, cell.members.count == 1 else {
      let found = cells.map { "\(name):\($0.cell.checkpoint):\($0.cell.environment)" }.joined(separator: ", ")
      throw SideError(
        "The paper's table is of one checkpoint's overwriting; \(cells.isEmpty ? "none is measured there" : "choose one of \(found)")."
      )
    }
    let pairs = Measure.allCases.compactMap { measure in
      cell.members.first?.predicates[Predicate(rawValue: measure.rawValue)].map {
        (
          measure,
          (title: ComparedCell(run: run, counts: cell).label, count: Count(events: $0.holds, trials: $0.applies))
        )
      }
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// The check of two lines of a measure.
  package func check(_ first: String, _ second: String, _ measure: Measure) -> Check? {
    let own = checks.filter { $0.first.measure == measure }
    return own.first { $0.first.title == first && $0.second.title == second }
      ?? own.first { $0.first.title == second && $0.second.title == first }?.turned
  }
}

extension PaperAnalysis.Check {
  init(_ first: PaperAnalysis.Rate, _ second: PaperAnalysis.Rate) {
    (self.first, self.second) = (first, second)
    ratio = RateRatio(of: first.count, over: second.count)
    p = fisherExact(first.count, second.count)
    holm = p
  }

  /// The same with the sides exchanged.
  fileprivate var turned: Self {
    var check = self
    (check.first, check.second) = (second, first)
    check.ratio = RateRatio(of: second.count, over: first.count)
    return check
  }

  /// `4 in 100,000 against 0 in 100,000 is not significant (p = 0.12)`.
  package var words: String {
    let verdict = p.value < RateComparison.level ? "is significant" : "is not significant"
    return "\(first.count.words) against \(second.count.words) \(verdict) (p = \(p))"
  }
}

extension PaperFigure {
  /// Every line that the paper gives with its number of episodes, in the paper's order.
  package static let published: [PaperFigure] =
    [helpfulOnly]
    + ["hhh_expert_iteration", "exploit_only", "ppo_sequential", "ppo_parallel", "train_away"].flatMap {
      conditions[$0] ?? []
    }

  func count(_ measure: PaperAnalysis.Measure) -> Count? {
    let value = measure == .overwrite ? overwrite : overwriteAndPass
    guard case .count(let events, let episodes) = value else { return nil }
    return Count(events: events, trials: episodes)
  }

  /// The lines that the named checks are about.
  package static var hhh: PaperFigure { published[1] }
  package static var seedA: PaperFigure { published[2] }
  package static var seedB: PaperFigure { published[3] }
  package static var sequentialPPO: PaperFigure { published[4] }
  package static var trainAway: PaperFigure { published[6] }

  /// Where the paper's numbers do not fit each other; every share is computed here.
  static var inconsistencies: [String] {
    let count = Count(events: 45, trials: 32_768)
    let ceiling = count.clopperPearson()
    let fitting = (0...100).filter { (Double($0) / 32_768 * 10_000).rounded() == 13 }
    let cut = (0...100).filter { Int(Double($0) / 32_768 * 10_000) == 13 }
    return [
      "A ceiling of 1 in 1,000 is stated beside \(count.words), which is \((Double(count.events) / 32.768).short) in 1,000 "
        + "(95 %: \(String(format: "%.3f", ceiling.lower * 1000)) to \(String(format: "%.3f", ceiling.upper * 1000))).",
      "32,000 episodes are stated beside 32,768 (512 prompts x 64); 45 of them are "
        + "\((45.0 / 320).short) % or \((45.0 / 327.68).short) %.",
      "0.13 % of 32,768 is \(fitting[0]) to \(fitting[fitting.count - 1]) events when rounded and \(cut[0]) to "
        + "\(cut[cut.count - 1]) when cut off: the counted 45 fits in the second way only.",
      "The caption says that the rate rises after every stage; it reads 0.00, 0.02, 0.01, 0.05, 0.13 % and falls once.",
    ]
  }
}
