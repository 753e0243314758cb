import Runs
package import Statistics
import Storage

/// Whether two rates differ by chance: one p value, and what it says something about.
///
/// Where a side has several training sequences the difference has to be clear twice, across sequences and across prompts,
/// and p is the larger of the two values. With one sequence a side only the two checkpoints are compared.
package struct SideTest: Sendable, Codable, Hashable {
  /// How the p value was found.
  package enum Method: String, Sendable, Codable {
    /// Fisher's exact test: independent episodes.
    case fisher
    /// The exact test of McNemar: the same prompts, one episode each.
    case mcNemar = "mcnemar"
    /// The exact randomisation test within prompts: the same prompts, equally many episodes of each on both sides.
    case randomisation = "prompt_randomisation"
    /// Fisher's exact test of both counts divided by their design effect: episodes of one prompt are alike.
    case effectiveFisher = "fisher_on_effective_counts"
    /// The tests of `SeedTest`, on log odds of the sequences' rates.
    case permutation = "sequence_permutation"
    case welch = "sequence_welch_t"
    case oneSample = "sequence_one_sample_t"
    case paired = "sequence_paired_t"
    /// Too few different prompts tell the sides apart; p is 1, and no verdict is drawn.
    case tooFewPrompts = "too_few_prompts"
  }

  /// What the p value says something about.
  package enum Scope: String, Sendable, Codable {
    /// These two checkpoints (or two bare counts): other seeds of the same training may differ otherwise.
    case withinRun = "within_run"
    /// The trainings: other seeds of the same training.
    case acrossSequences = "across_sequences"
  }

  package var method: Method
  package var scope: Scope
  package var p: PValue
  /// How many training sequences each side has.
  package var firstSequences: Int
  package var secondSequences: Int
  /// On how many prompts the side that has fewer of events and of other outcomes shows them; `nil` where prompts are not known.
  package var tellingPrompts: Int?
  /// Whether either side has an event.
  package var hasEvents: Bool

  /// The fewest prompts that a verdict needs: with five, all differing in one direction, a sign test cannot be below 0.05.
  package static let leastPrompts = 6

  /// - Parameters:
  ///   - prompts: what both sides counted of each prompt where they tried the same ones.
  ///   - sameSequences: the sides are the same training sequences in the same order.
  init(_ first: Measured, _ second: Measured, prompts: [PromptCells], sameSequences: Bool = false) {
    (method, p) = Self.byPrompt(first.estimate, second.estimate, prompts)
    scope = .withinRun
    (firstSequences, secondSequences) = (first.sequences.tallies.count, second.sequences.tallies.count)
    tellingPrompts = Self.tellingPrompts(first, second)
    hasEvents = first.estimate.tally.events + second.estimate.tally.events > 0
    if let seeds = Self.bySequence(first.sequences, second.sequences, same: sameSequences) {
      scope = .acrossSequences
      if seeds.p >= p { (method, p) = (Method(seeds.method), seeds.p) }
    }
    if let tellingPrompts, tellingPrompts < Self.leastPrompts {
      (method, p) = (.tooFewPrompts, PValue(naturalLog: 0))
    }
  }

  /// What the episodes of these checkpoints say, prompt by prompt where that is known.
  private static func byPrompt(_ first: Estimate, _ second: Estimate, _ prompts: [PromptCells]) -> (Method, PValue) {
    let (one, other) = (Count(first.tally), Count(second.tally))
    let cells = prompts.map { $0.first + $0.second }
    let isClustered = first.clusters != nil || second.clusters != nil
    if !isClustered, !cells.isEmpty, cells.allSatisfy({ $0.map(\.trials) == [1, 1] }) {
      return (.mcNemar, mcNemar(prompts))
    }
    let fisher = fisherExact(one, other)
    if !isClustered { return (.fisher, fisher) }
    if let exact = promptRandomisation(prompts) { return (.randomisation, exact) }
    // Where a side has no events its own design effect is not known. Counts are rounded to whole numbers, which must not
    // make a difference clearer than it is.
    let effect = [first, second].compactMap { $0.clusters?.designEffect }.max() ?? 1
    return (.effectiveFisher, max(fisher, fisherExact(one.over(effect), other.over(effect))))
  }

  /// `nil` with one sequence on both sides.
  private static func bySequence(_ first: Sequences, _ second: Sequences, same: Bool) -> SeedTest? {
    let counts = [first, second].map { $0.tallies.map(Count.init).filter { $0.trials > 0 } }
    guard let trials = counts.joined().map(\.trials).min() else { return nil }
    let (one, other) = (
      SeedValue.logOdds(counts[0], trials: trials), SeedValue.logOdds(counts[1], trials: trials)
    )
    if one.count == 1 { return SeedTest(other, against: one[0]) }
    if other.count == 1 { return SeedTest(one, against: other[0]) }
    return same ? SeedTest(paired: one, with: other) : SeedTest(one, against: other)
  }

  /// Prompts tried by each side, prompts with an event on either side and prompts with another outcome: the fewest of
  /// these.
  private static func tellingPrompts(_ first: Measured, _ second: Measured) -> Int? {
    let sides = [first, second].map { $0.prompts.joined().filter { $0.applies > 0 } }
    if sides.contains(where: \.isEmpty) { return nil }
    func prompts(_ counts: [VariantCount], where isWanted: (VariantCount) -> Bool) -> Int {
      Set(counts.filter(isWanted).map(\.variant)).count
    }
    let both = sides[0] + sides[1]
    return [
      prompts(sides[0]) { _ in true }, prompts(sides[1]) { _ in true }, prompts(both) { $0.holds > 0 },
      prompts(both) { $0.holds < $0.applies },
    ].min()
  }

  private static func mcNemar(_ prompts: [PromptCells]) -> PValue {
    func count(_ first: Int, _ second: Int) -> Int {
      prompts.count { $0.first[0].events == first && $0.second[0].events == second }
    }
    return McNemar(bothYes: count(1, 1), onlyFirst: count(1, 0), onlySecond: count(0, 1), bothNo: count(0, 0)).exact
  }
}

extension Count {
  /// As many independent trials as say the same, with their events.
  fileprivate func over(_ designEffect: Double) -> Count {
    let trials = trials == 0 ? 0 : max(1, Int((Double(trials) / max(1, designEffect)).rounded()))
    return Count(events: min(trials, Int((Double(events) / max(1, designEffect)).rounded())), trials: trials)
  }
}

extension SideTest.Method {
  fileprivate init(_ method: SeedTest.Method) {
    self =
      switch method {
      case .permutation: .permutation
      case .welch: .welch
      case .oneSample: .oneSample
      case .paired: .paired
      }
  }

  /// How a person calls the test.
  package var words: String {
    switch self {
    case .fisher: "Fisher's exact test"
    case .mcNemar: "exact McNemar test on the same prompts"
    case .randomisation: "exact randomisation test within prompts"
    case .effectiveFisher: "Fisher's exact test on effective counts"
    case .permutation: "exact permutation test of the sequences"
    case .welch: "Welch's t test of the sequences' log odds"
    case .oneSample: "t test of the sequences' log odds against one checkpoint"
    case .paired: "paired t test of the sequences' log odds"
    case .tooFewPrompts: "not tested"
    }
  }
}

extension VariantCount {
  var count: Count { Count(events: holds, trials: applies) }
}

extension [PromptCells] {
  /// Every prompt that one of the sides tried, in the order of their numbers; a checkpoint that did not has no trials of it.
  ///
  /// - Parameters: the counts by prompt, for each checkpoint of a side.
  init(_ first: [[VariantCount]], _ second: [[VariantCount]]) {
    let sides = [first, second].map { side in
      side.map { Dictionary($0.map { ($0.variant, $0.count) }) { $0 + $1 } }
    }
    self = Set((first + second).joined().map(\.variant)).sorted().map { variant in
      let counts = sides.map { side in side.map { $0[variant] ?? Count(events: 0, trials: 0) } }
      return PromptCells(first: counts[0], second: counts[1])
    }
  }
}
