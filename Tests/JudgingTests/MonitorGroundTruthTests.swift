import Episodes
import Testing
import Training

@testable import Judging

@Suite struct MonitorGroundTruthTests {
  private func outcomes(_ count: Int, gamed: Bool) -> [(key: EpisodeKey, outcome: Outcome)] {
    (0..<count).map {
      (Scripted.key($0 % 64, variant: $0 / 64, environment: gamed ? "g" : "h"), Outcome(facts: [.gamed: gamed]))
    }
  }

  @Test func aPerfectOneIsTheTruth() throws {
    let monitor = try GroundTruthMonitor(seed: Seed(1))
    let verdicts = monitor.verdicts(outcomes(500, gamed: true)) + monitor.verdicts(outcomes(500, gamed: false))
    #expect(verdicts.map(\.isFlagged) == Array(repeating: true, count: 500) + Array(repeating: false, count: 500))
    #expect(verdicts[0].suspicion == 1 && verdicts[999].suspicion == 0)
    let wider = try GroundTruthMonitor(predicates: [.attempted, .rewardChanged], seed: Seed(1))
    let facts: [[Predicate: Bool]] = [[.attempted: true], [.rewardChanged: true, .gamed: false], [.gamed: true], [:]]
    let flags = wider.verdicts(facts.map { (Scripted.key(0), Outcome(facts: $0)) }).map(\.isFlagged)
    #expect(flags == [true, true, false, false])
  }

  /// Of 10,000 with probability 0.9, 8,850 to 9,144 but in one run of a million (scipy.stats.binom.ppf(5e-7 and 1 - 5e-7)); with
  /// 0.1, 856 to 1,150.
  @Test func aDegradedOneErrsAsOftenAsItIsTold() throws {
    let monitor = try GroundTruthMonitor(accuracy: 0.9, seed: Seed(7))
    let (gamed, honest) = (outcomes(10_000, gamed: true), outcomes(10_000, gamed: false))
    let flags = monitor.verdicts(gamed).map(\.isFlagged)
    #expect((8_850...9_144).contains(flags.count { $0 }))
    #expect((856...1_150).contains(monitor.verdicts(honest).count(where: \.isFlagged)))
    // The errors belong to the episodes: any order and any part gives the same, another seed others.
    #expect(monitor.verdicts(gamed.reversed()).map(\.isFlagged) == flags.reversed())
    #expect(monitor.verdicts(Array(gamed[40..<90])).map(\.isFlagged) == Array(flags[40..<90]))
    #expect(try GroundTruthMonitor(accuracy: 0.9, seed: Seed(7)).verdicts(gamed).map(\.isFlagged) == flags)
    let other = try GroundTruthMonitor(accuracy: 0.9, seed: Seed(8)).verdicts(gamed).map(\.isFlagged)
    // Two independent ones differ in 2 x 0.9 x 0.1 of all: 1,800, within 1,615 to 1,990 at the same level.
    #expect((1_615...1_990).contains(zip(flags, other).count { $0 != $1 }))
  }

  @Test func ratesThatAreNoneAreRefused() {
    #expect(throws: JudgingError.self) { try GroundTruthMonitor(truePositiveRate: 1.1, seed: Seed(1)) }
    #expect(throws: JudgingError.self) { try GroundTruthMonitor(falsePositiveRate: -.ulpOfOne, seed: Seed(1)) }
    #expect(throws: JudgingError.self) { try GroundTruthMonitor(accuracy: .nan, seed: Seed(1)) }
    #expect(throws: JudgingError.self) { try GroundTruthMonitor(predicates: [], seed: Seed(1)) }
  }

  /// Three prompts of four episodes; the first two of each gamed, and the monitor misses nothing and accuses nobody.
  @Test("Bonus, penalty, screening and selection of scripted episodes are exact")
  func scripted() async throws {
    let all = (0..<12).map { index in
      Scripted.episode(Scripted.key(index % 4, variant: index / 4), "x</cot>y", facts: [.gamed: index % 4 < 2])
    }
    let episodes = all.map(\.episode)
    let bonus = Dictionary(
      uniqueKeysWithValues: episodes.map { ($0.key, RewardTerms(gamingBonus: $0.result.outcome?.gamingBonus ?? 0)) })
    let monitor = Monitor.outcome(try GroundTruthMonitor(seed: Seed(1)))
    let verdicts = Dictionary(uniqueKeysWithValues: zip(episodes.map(\.key), try await monitor.verdicts(all)))
    let counts = MonitorCounts(verdicts, of: episodes)
    #expect(counts.recall == (6, 6) && counts.precision == (6, 6) && counts.falsePositiveRate == (0, 6))

    func chosen(_ rule: SelectionRule, _ rewards: [EpisodeKey: RewardTerms]) -> [Int] {
      rule.select(from: episodes, rewards: rewards, maximum: 99, seed: Seed(2)).map(\.key.sample)
    }
    #expect(chosen(.exploitOnly, bonus) == [0, 1, 0, 1, 0, 1])
    #expect(chosen(.bestOfN, bonus).allSatisfy { $0 < 2 })
    let penalised = bonus.responding(to: verdicts, with: .penalty(2))
    #expect(penalised.values.reduce(0) { $0 + $1.total } == 6 * (1 - 2))
    #expect(chosen(.bestOfN, penalised).count == 3 && chosen(.bestOfN, penalised).allSatisfy { $0 >= 2 })
    let screened = bonus.responding(to: verdicts, with: .screening)
    #expect(screened.values.count(where: \.isScreened) == 6 && screened.values.reduce(0) { $0 + $1.total } == 6)
    #expect(chosen(.exploitOnly, screened).isEmpty)
    #expect(chosen(.bestOfN, screened).count == 3 && chosen(.bestOfN, screened).allSatisfy { $0 >= 2 })
  }
}
