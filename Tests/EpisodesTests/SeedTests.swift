import Testing

@testable import Episodes

@Suite struct SeedTests {
  /// Worked with an independent implementation (Python integers): FNV-1a over the name, then the SplitMix64 finaliser.
  @Test func derivationIsFixed() {
    #expect(Seed(1)["a"] != Seed(1)["b"])
    #expect(Seed(1)["a", "b"] == Seed(1)["a"]["b"])
    #expect(Seed(1)["ab"] != Seed(1)["a"]["b"])
    #expect(Seed(1)["stage"].value == 0x59bb_0ab7_798a_05fe)
    #expect(Seed(1)["stage"][3].value == 0xf5bf_40dc_b041_b633)
  }

  @Test func neighboursShareNoStream() {
    let seeds = (0..<2).flatMap { run in (0..<5_000).map { Seed(UInt64(run))["episode"][$0] } }
    #expect(Set(seeds).count == seeds.count)
    let means = (0..<64).map { bit in Double(seeds.count { $0.value >> UInt64(bit) & 1 == 1 }) / Double(seeds.count) }
    #expect(means.allSatisfy { abs($0 - 0.5) < 0.03 })
  }
}
