import Statistics
import Testing

@Suite struct BetweenSeedTests {
  private static func counts(_ events: [Int], of trials: Int) -> [Count] {
    events.map { Count(events: $0, trials: trials) }
  }

  private static func near(_ left: Double, _ right: Double) -> Bool { agree(left, right, within: 0.03) }

  /// Against integration on a fine grid by NumPy: ends of intervals within 3 %.
  @Test func posteriorsAgreeWithBruteForce() throws {
    let rows: [Fixture.SeedRow] = try Fixture.rows("seeds")
    #expect(rows.count == 8)
    for row in rows {
      let seeds = try #require(BetweenSeeds(Self.counts(row.events, of: row.trials)))
      #expect(Self.near(seeds.rate, row.rate), "\(row): \(seeds)")
      #expect(
        Self.near(seeds.interval.lower, row.interval[0]) && Self.near(seeds.interval.upper, row.interval[1]),
        "\(row): \(seeds)")
      #expect(
        Self.near(seeds.newSeed.lower, row.newSeed[0]) && Self.near(seeds.newSeed.upper, row.newSeed[1]),
        "\(row): \(seeds)")
      #expect(Self.near(seeds.spread, row.spread[1]), "\(row): \(seeds)")
      #expect(abs(seeds.spreadInterval.lower - row.spread[0]) < 0.03, "\(row): \(seeds)")
      #expect(Self.near(seeds.spreadInterval.upper, row.spread[2]), "\(row): \(seeds)")
    }
  }

  /// No event in any of five seeds: bounded a little above what the pooled count gives, and a new seed above that.
  @Test func withoutEventsThereIsABound() throws {
    let seeds = try #require(BetweenSeeds(Self.counts([0, 0, 0, 0, 0], of: 100_000)))
    let pooled = Count(events: 0, trials: 500_000).clopperPearson().upper
    #expect(seeds.rate == 0 && seeds.interval.lower == 0 && seeds.newSeed.lower == 0)
    #expect(seeds.interval.upper > pooled && seeds.interval.upper < 2 * pooled)
    #expect(seeds.newSeed.upper > seeds.interval.upper)
    let all = try #require(BetweenSeeds(Self.counts([9, 9], of: 9)))
    #expect(all.rate == 1 && all.interval.upper == 1 && all.interval.lower < 0.9)
  }

  /// Seeds that differ by more than chance have a spread clear of 0, and more of them a shorter interval.
  @Test func spreadIsToldFromChance() throws {
    let alike = try #require(BetweenSeeds(Self.counts([45, 50, 41, 47, 52], of: 32_768)))
    let apart = try #require(BetweenSeeds(Self.counts([5, 150, 20, 47, 400], of: 32_768)))
    let ten = try #require(BetweenSeeds(Self.counts([5, 150, 20, 47, 400, 5, 150, 20, 47, 400], of: 32_768)))
    #expect(alike.spreadInterval.lower < 0.1 && alike.spread < 0.3)
    #expect(apart.spreadInterval.lower > 0.7)
    #expect(ten.interval.upper / ten.interval.lower < 0.5 * apart.interval.upper / apart.interval.lower)
    #expect(BetweenSeeds([Count(events: 0, trials: 0)]) == nil && BetweenSeeds([Count]()) == nil)
  }

  /// Within-seed clusters widen what a seed says of itself.
  @Test func clustersWithinSeedsCount() throws {
    let clustered = (0..<5).map { seed in
      ClusteredCount(clusters: (0..<64).map { Count(events: $0 < 3 + seed ? 20 : 0, trials: 64) })
    }
    let (with, without) = (BetweenSeeds(clustered), BetweenSeeds(clustered.map(\.pooled)))
    let (wide, narrow) = (try #require(with).interval, try #require(without).interval)
    #expect(wide.upper > narrow.upper && wide.lower < narrow.lower)
    let single = clustered.map {
      ClusteredCount(
        clusters: Array(repeating: Count(events: 1, trials: 1), count: $0.clusters.count) + [
          Count(events: 0, trials: 1)
        ])
    }
    #expect(BetweenSeeds(single) == BetweenSeeds(single.map(\.pooled)))
  }
}
