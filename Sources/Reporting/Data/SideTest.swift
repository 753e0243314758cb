package import Statistics
import Storage

/// Whether two rates differ by chance: the test to believe, given what is known of their prompts.
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
  }

  package var method: Method
  package var p: PValue
  /// Fisher's exact test of the same counts, two-sided, as if episodes were independent.
  package var fisher: PValue

  /// - Parameter prompts: what both sides counted of each prompt where they tried the same ones.
  init(_ first: Estimate, _ second: Estimate, prompts: [PromptCells]) {
    let (one, other) = (Count(first.tally), Count(second.tally))
    fisher = fisherExact(one, other)
    (method, p) = (.fisher, fisher)
    let cells = prompts.map { $0.first + $0.second }
    let isClustered = first.clusters != nil || second.clusters != nil
    if !isClustered, !cells.isEmpty, cells.allSatisfy({ $0.map(\.trials) == [1, 1] }) {
      (method, p) = (.mcNemar, Self.mcNemar(prompts))
    } else if isClustered, let exact = promptRandomisation(prompts) {
      (method, p) = (.randomisation, exact)
    } else if isClustered {
      // Where a side has no events its own design effect is not known. Counts are rounded to whole numbers, which must not
      // make a difference clearer than it is.
      let effect = [first, second].compactMap { $0.clusters?.designEffect }.max() ?? 1
      (method, p) = (.effectiveFisher, max(fisher, fisherExact(one.over(effect), other.over(effect))))
    }
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

extension SideTest {
  /// How the p values of a report are found.
  static let note = """
    It is Fisher’s exact test; “by prompt”, where prompts are shared, the exact randomisation test within prompts (McNemar’s \
    with one episode each), or Fisher’s on effective counts where most prompts were not tried equally often.
    """
}

extension SideTest.Method {
  /// How a person calls the test.
  package var words: String {
    switch self {
    case .fisher: "Fisher's exact test"
    case .mcNemar: "exact McNemar test on the same prompts"
    case .randomisation: "exact randomisation test within prompts"
    case .effectiveFisher: "Fisher's exact test on effective counts"
    }
  }

  /// Whether it takes episodes of one prompt as alike.
  package var isByPrompt: Bool { self != .fisher }
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
