import Episodes
import Statistics
import Storage
import Testing

@testable import Reporting

/// What limits the findings of a run is said with its numbers. Counts are those of `SyntheticRun` with 80 episodes a cell:
/// 20 prompts of four episodes, of which the first ones game; two of 80 fail.
@Suite struct LimitTests {
  let limits: [String: String]

  init() throws {
    let findings = try Self.shared.get().findings.filter { $0.kind == .limit }
    limits = Dictionary(uniqueKeysWithValues: findings.map { ($0.topic, $0.text) })
  }

  private static let shared = Result { try SyntheticRun(episodes: 80).reported() }

  /// 0 of 312 episodes of 80 prompts may be 1 - 0.025^(1/80) = 4.5 %, as nothing is known of how alike episodes of a prompt
  /// are.
  @Test func lowCountsAreNamed() throws {
    let text = try #require(limits["Low counts"])
    #expect(text.contains("4 of 12 held-out cells count one to four events"))
    // Three events of one prompt of 80: at least Clopper and Pearson's bound of 1 in 80, 0.0316 %, over its four episodes.
    #expect(text.contains("0.96 % (3 of 312), 95 % 0.0079–"))
    #expect(text.contains("8 of 12 cells have no events") && text.contains("it may be 4.5 % (95 % interval)"))
  }

  /// Four environments of 80 episodes and one of 320: more than twice as many, but never within a column.
  @Test func unequalNumbersAreNamedWithinAColumn() {
    #expect(limits.keys.allSatisfy { !$0.hasPrefix("Unequal n") })
    #expect(
      Finding.unequalText([("a", 96), ("b", 480), ("c", 0)])?.hasPrefix("From 96 episodes (a) to 480 (b)") == true)
    #expect(Finding.unequalText([("a", 96), ("b", 190)]) == nil)
  }

  /// 78 episodes of 20 prompts, all of a prompt alike: between 20 and 21 independent ones.
  @Test func sharedPromptsAreNamed() throws {
    let text = try #require(limits["Shared prompts"])
    #expect(text.contains("78 episodes of 20 prompts say as much as 20 independent ones (design effect 3.9)"))
  }

  /// 6 checkpoints with 80 x 4 + 320 episodes, less one cell of 80, and every fortieth fails.
  @Test func failuresAreNamed() throws {
    let text = try #require(limits["Failed episodes"])
    #expect(text.hasPrefix("94 of 3,760 episodes failed and are in no rate. Most in "))
    #expect(text.contains(": 2 of 80; had all of them shown the event, the rate would be "))
    #expect(text.hasSuffix(", failed at the sandbox: The box did not start <again>."))
    // The count leads to the episodes that failed.
    #expect(try Self.shared.get().html.contains(/href="episodes\/[a-z0-9-]+\.html#failed-episodes">2<\/a> of 80/))
  }

  /// Five of six rows with six columns, less one that was not measured.
  @Test func comparisonsAreCounted() throws {
    let text = try #require(limits["Many comparisons"])
    #expect(text.hasPrefix("29 cells are compared with the start. Were nothing different, about 2 would have p < 0.05"))
  }
}
