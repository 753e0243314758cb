import Testing

@testable import Statistics

@Suite struct PlanningTests {
  private static func rows(_ kind: String) throws -> [Fixture.PlanRow] {
    try (Fixture.rows("plans") as [Fixture.PlanRow]).filter { $0.kind == kind }
  }

  /// The paper's least rate: 21,397 episodes show a rate of 1.4e-4 with a chance of 95 %.
  @Test func seeingByClosedForm() throws {
    let plan = try SamplingDesign().toSee(rate: 1.4e-4)
    #expect(plan.episodes == 21_397 && plan.chance >= 0.95 && plan.chance < 0.950_01)
    #expect(plan.episodes == RareEvents.trialsToSee(rate: 1.4e-4))
    // Samples of one prompt that are all alike tell as much as one; independent ones as much as any.
    #expect(try SamplingDesign(samplesPerPrompt: 64, correlation: 1).toSee(rate: 1.4e-4).prompts == 21_397)
    #expect(try SamplingDesign(samplesPerPrompt: 64).toSee(rate: 1.4e-4).episodes == 21_440)
  }

  /// SciPy: the binomial's tail, prompts added up one by one, and seeds by quadrature.
  @Test(arguments: ["see", "seeClustered", "seeSeeds"]) func seeingAgreesWithSciPy(_ kind: String) throws {
    let rows = try Self.rows(kind)
    #expect(rows.count >= 2)
    for row in rows {
      let design = try SamplingDesign(
        samplesPerPrompt: row.size ?? 1, correlation: row.correlation ?? 0, seeds: row.seeds ?? 1,
        spread: row.spread ?? 0)
      let plan = try design.toSee(
        events: try #require(row.events), rate: try #require(row.rate), chance: try #require(row.chance))
      #expect(plan.episodes == row.episodes, "\(row): \(plan)")
      #expect(agree(plan.chance, row.achieved, within: 1e-7), "\(row): \(plan)")
    }
  }

  /// Brute force: every number of trials in turn, with the greatest count that SciPy's bound allows.
  @Test func boundingAgreesWithSciPy() throws {
    let rows = try Self.rows("bound")
    #expect(rows.count == 3)
    for row in rows {
      let plan = try SamplingDesign().toBound(
        below: try #require(row.bound), rate: try #require(row.rate), chance: try #require(row.chance),
        confidence: try #require(row.confidence))
      #expect(plan.episodes == row.episodes, "\(row): \(plan)")
      #expect(agree(plan.chance, row.achieved, within: 1e-9), "\(row): \(plan)")
    }
    // The rule of three, by hand: log 0.05 / log 0.999 = 2,994.2.
    #expect(try SamplingDesign().toBound(below: 1e-3).episodes == 2_995)
    // A correlation of 0.5 in 16 samples: a design effect of 8.5, and whole prompts.
    let clustered = try SamplingDesign(samplesPerPrompt: 16, correlation: 0.5).toBound(below: 1e-3)
    #expect(clustered.prompts == 1_592 && clustered.episodes == 25_472)
  }

  /// Fisher's exact test over every pair of counts, by SciPy; the fewest with that power.
  @Test func comparingAgreesWithSciPy() throws {
    let rows = try Self.rows("compare")
    #expect(rows.count == 3)
    for row in rows {
      let rates = try #require(row.rates)
      let plan = try SamplingDesign().toTellApart(rates[0], rates[1], power: try #require(row.power))
      #expect(plan.episodes == row.episodes, "\(row): \(plan)")
      #expect(agree(plan.chance, row.achieved, within: 1e-7), "\(row): \(plan)")
    }
    #expect(try SamplingDesign().toTellApart(0, 1).episodes == 4)
  }

  @Test func tDistributionAgreesWithStatsmodels() throws {
    for row in try Self.rows("power") {
      let power = StudentT.power(
        try #require(row.shift), degrees: try #require(row.degrees), level: try #require(row.level))
      #expect(abs(power - row.achieved) < 1e-6, "\(row): \(power)")
    }
    for row in try Self.rows("t") {
      let t = StudentT.quantile(upperTail: try #require(row.tail), degrees: try #require(row.degrees))
      #expect(agree(t, row.achieved, within: 1e-8), "\(row): \(t)")
    }
  }

  /// Seeds that differ put a floor under the variance. With 2 t for 4 seeds (3 degrees, 5 %): 2.3534 over 1.6449 squared is
  /// 2.0469 times 2,994.23 trials, and 1/6,129 - 0.25 * 0.000999 / 4 = 1/9,937.
  @Test func seedsCostEpisodes() throws {
    let plan = try SamplingDesign(seeds: 4, spread: 0.5).toBound(below: 1e-3)
    #expect((9_930...9_948).contains(plan.episodes) && plan.episodes % 4 == 0)
    let tooFew = { try SamplingDesign(seeds: 1, spread: 0.5).toBound(below: 1e-3) }
    #expect(throws: PlanningError.self) { try tooFew() }
    let close = { try SamplingDesign(seeds: 3, spread: 1).toTellApart(0.001, 0.002) }
    let error = try #require(throws: PlanningError.self) { try close() }
    // statsmodels: a shift of log 2 (log odds 0.694) with a standard deviation of 1 needs 33.6 of each arm.
    #expect(error.description.contains("train at least 34 of each arm"))
    let apart = try SamplingDesign(seeds: 5, spread: 0.3).toTellApart(0.01, 0.05)
    #expect(apart.chance >= 0.8 && apart.seeds == 5)
  }

  /// The plan keeps its promise: simulated experiments of the planned size find the difference as often as they should.
  @Test func plansKeepTheirPromise() throws {
    let plan = try SamplingDesign().toTellApart(0.02, 0.08, power: 0.8)
    var draws = SeededDraws(seed: 2)
    let found = (0..<400).count { _ in
      let counts = [0.02, 0.08].map { rate in
        Count(events: (0..<plan.episodes).count { _ in draws.uniform() < rate }, trials: plan.episodes)
      }
      return fisherExact(counts[0], counts[1]).value <= 0.05
    }
    // 320 of 400 expected, standard error 8.
    #expect((296...344).contains(found), "\(found) of 400 with \(plan.episodes)")
  }

  @Test(arguments: [-0.1, 0, 1, .nan, .infinity]) func impossibleRatesAreRefused(_ rate: Double) {
    #expect(throws: PlanningError.self) { try SamplingDesign().toSee(rate: rate) }
    #expect(throws: PlanningError.self) { try SamplingDesign().toBound(below: rate) }
    #expect(throws: PlanningError.self) { try SamplingDesign().toTellApart(rate, rate) }
    #expect(throws: PlanningError.self) { try SamplingDesign().toSee(rate: 0.1, chance: rate) }
    #expect(throws: PlanningError.self) { try SamplingDesign().toTellApart(0.1, 0.2, power: rate) }
  }

  @Test func impossibleDesignsAreRefused() {
    #expect(throws: PlanningError.self) { try SamplingDesign(samplesPerPrompt: 0) }
    #expect(throws: PlanningError.self) { try SamplingDesign(correlation: 1.1) }
    #expect(throws: PlanningError.self) { try SamplingDesign(seeds: 0) }
    #expect(throws: PlanningError.self) { try SamplingDesign(spread: .nan) }
    #expect(throws: PlanningError.self) { try SamplingDesign().toSee(events: 0, rate: 0.1) }
    #expect(throws: PlanningError.self) { try SamplingDesign().toBound(below: 0.1, rate: 0.1) }
    #expect(throws: PlanningError.self) { try SamplingDesign().toBound(below: 0.1, rate: 0.099_999) }
    #expect(throws: PlanningError.self) { try SamplingDesign().toSee(rate: 1e-300) }
    #expect(throws: PlanningError.self) { try SamplingDesign().toTellApart(0.5, 0.5.nextUp) }
  }
}
