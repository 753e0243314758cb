import Statistics
import Testing

@Suite struct SplittingPlanTests {
  /// One pilot root with `reached` particles at each milestone after factors that make up for it.
  private static func plan(
    reached: [Int], events: Int, tokens: [Int], factors: [Int], roots: Int, cap: Int = 50
  ) throws -> [Int] {
    let mass = reached.map { $0 > 0 ? 0.5 / Double(roots) : 0 }
    let all = (0..<roots).map { index in
      let isFirst = index == 0
      return SplittingRoot(
        cluster: index, reached: reached.map { isFirst ? $0 : 0 }, mass: mass.map { isFirst ? $0 : 0 },
        eventMass: isFirst && events > 0 ? 1e-9 : 0, events: isFirst ? events : 0,
        tokens: tokens.map { isFirst ? $0 : 0 }, plainTokens: 10)
    }
    return try SplittingPlan(pilot: all, factors: factors, cap: cap).factors
  }

  /// 1,000 attempts a step, of which a tenth, cost alike: 1 / p. With four times the tokens after the last milestone half
  /// as many particles are worth it there.
  @Test func factorsFollowProbabilitiesAndCosts() throws {
    let even = try Self.plan(
      reached: [100, 100], events: 100, tokens: [5000, 5000, 5000], factors: [10, 10], roots: 1000)
    #expect(even == [10, 10])
    let dear = try Self.plan(
      reached: [100, 100], events: 100, tokens: [5000, 5000, 20_000], factors: [10, 10], roots: 1000)
    #expect(dear == [10, 5])
    // p = 1/2 and then 1/100: sqrt(99) = 9.9 times as many particles as roots, from half of them: 20.
    let uneven = try Self.plan(reached: [500], events: 10, tokens: [5000, 5000], factors: [2], roots: 1000)
    #expect((19...20).contains(uneven[0]))
    #expect(try Self.plan(reached: [500], events: 10, tokens: [5000, 5000], factors: [2], roots: 1000, cap: 8) == [8])
  }

  /// A pilot that stopped asks for more copies before the step where it did, and never for less than one.
  @Test func aPilotMayStopEarly() throws {
    let factors = try Self.plan(reached: [50, 0], events: 0, tokens: [5000, 500, 0], factors: [1, 1], roots: 100)
    #expect(factors[0] >= 10)
    #expect(factors[1] >= 1)
  }
}
