import Foundation
import Statistics
import Testing

@Suite struct PromptRandomisationTests {
  /// Each prompt's events by checkpoint, of 10 trials.
  private static func p(_ prompts: [([Int], [Int])]) -> PValue? {
    promptRandomisation(
      prompts.map { first, second in
        PromptCells(
          first: first.map { Count(events: $0, trials: 10) }, second: second.map { Count(events: $0, trials: 10) })
      })
  }

  /// With a checkpoint on each side it flips signs. By enumerating all signs in Python
  /// (`itertools.product([1, -1], repeat=len(d))`); the first is also
  /// `scipy.stats.permutation_test(permutation_type="samples")`.
  @Test(arguments: [
    ([3, 1, 1, 2, -1, 0, 0], 0.25), ([5, -2, 1, 1, 1, 4, -3, 2], 0.328125), ([1, 1, 1, 1], 0.125), ([7], 1.0),
    ([2, 2, 2, -2, 2, 2], 0.21875), ([0, 0], 1.0), ([3, -3], 1.0),
  ])
  func flipsSigns(_ differences: [Int], _ p: Double) throws {
    let found = try #require(Self.p(differences.map { ([max($0, 0)], [max(-$0, 0)]) }))
    #expect(abs(found.value - p) < 1e-12)
  }

  private struct Row: Decodable {
    var how: String
    var trials: Int
    var first: [[Int]]
    var second: [[Int]]
    var p: Double
  }

  /// SciPy's `permutation_test`, an enumeration, and convolutions of cases that are too large to be counted here, where
  /// the approximation has to be within a few per cent. See Fixtures/prompt_randomisation.py.
  @Test func equalsReferences() throws {
    let rows: [Row] = try Fixture.rows("prompt_randomisation")
    #expect(rows.count == 7)
    for row in rows {
      func counts(_ events: [Int]) -> [Count] { events.map { Count(events: $0, trials: row.trials) } }
      let prompts = zip(row.first, row.second).map { PromptCells(first: counts($0), second: counts($1)) }
      let (one, turned) = (
        try #require(promptRandomisation(prompts)),
        try #require(promptRandomisation(prompts.map { PromptCells(first: $0.second, second: $0.first) }))
      )
      #expect(agree(one.value, row.p, within: row.how == "convolved" ? 0.03 : 1e-9), "\(row.how): \(one) for \(row.p)")
      #expect(agree(one.naturalLog, turned.naturalLog, within: 1e-9))
    }
  }

  /// All events in one prompt say nothing of others, however many; without a difference nothing is seen.
  @Test func aSinglePromptIsNoEvidence() {
    let none = (0..<20).map { _ in ([0], [0]) }
    #expect(Self.p(none)?.value == 1)
    #expect(Self.p(none + [([10], [0])])?.value == 1)
    // One of six checkpoints drawn: it has all events with 1/6.
    #expect(abs((Self.p([([10], [0, 0, 0, 0, 0])])?.value ?? 0) - 1.0 / 3) < 1e-12)
  }

  /// 400 prompts with events on one side alone: 2 / 2^400, and 2 / 6^400, which no `Double` holds.
  @Test func smallChancesAreLogarithms() throws {
    let flips = try #require(Self.p((0..<400).map { ([0], [1 + $0 % 2]) }))
    #expect(abs(flips.naturalLog + 399 * log(2)) < 1e-9)
    let drawn = try #require(Self.p((0..<400).map { ([3 + $0 % 2], [0, 0, 1, 0, 1]) }))
    #expect(abs(drawn.naturalLog - (log(2) - 400 * log(6))) < 1e-9)
  }

  /// Prompts that were tried unequally often are left out; when most are there is no answer.
  @Test func unequalPromptsAreLeftOut() throws {
    let equal = (0..<6).map {
      PromptCells(first: [Count(events: $0, trials: 9)], second: [Count(events: 0, trials: 9)])
    }
    let unequal = (0..<7).map { _ in
      PromptCells(first: [Count(events: 4, trials: 9)], second: [Count(events: 0, trials: 8)])
    }
    // Five prompts differ, all the same way: 2 / 2^5.
    #expect(try #require(promptRandomisation(equal + unequal.prefix(6))).value == 0.0625)
    #expect(promptRandomisation(equal + unequal) == nil)
    #expect(promptRandomisation([]) == nil)
  }

  /// Under the null it calls at most one in twenty different, where prompts are far apart and one side has more
  /// checkpoints; Fisher's test on the pooled counts calls far more.
  @Test func keepsItsSize() {
    var generator = SplitMix(state: 11)
    var (called, fisherCalled) = (0, 0)
    let experiments = 1_000
    for _ in 0..<experiments {
      let prompts = (0..<24).map { _ in
        // Each checkpoint has its own taste in each prompt: a third of the pairs never show the event.
        let counts = (0..<4).map { _ -> Count in
          let rate =
            Double.random(in: 0..<1, using: &generator) < 0.35 ? 0.5 * Double.random(in: 0..<1, using: &generator) : 0
          return Count(events: (0..<12).count { _ in Double.random(in: 0..<1, using: &generator) < rate }, trials: 12)
        }
        return PromptCells(first: [counts[0]], second: Array(counts.dropFirst()))
      }
      if (promptRandomisation(prompts)?.value ?? 1) <= 0.05 { called += 1 }
      let none = Count(events: 0, trials: 0)
      let pooled = (prompts.flatMap(\.first).reduce(none, +), prompts.flatMap(\.second).reduce(none, +))
      if fisherExact(pooled.0, pooled.1).value <= 0.05 { fisherCalled += 1 }
    }
    // A size of 0.05 gives up to 71 with a chance of 99.8 %.
    #expect(called <= 71 && called >= 15, "\(called)")
    #expect(fisherCalled > 200, "\(fisherCalled)")
  }
}
