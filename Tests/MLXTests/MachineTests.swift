import Testing

@testable import MLX

@Suite(.serialized) struct MachineTests {
  @Test func describesThisMachine() throws {
    let machine = Machine.current
    #expect(machine.mlxVersion == "0.32.4")
    #expect(machine.blasConfiguration.hasPrefix("OpenBLAS"))
    #expect(!machine.blasCore.isEmpty && machine.threads >= 1)
  }

  /// OpenBLAS takes a processor newer than itself for a Pentium 4.
  @Test func kernelsFitTheProcessor() {
    let machine = Machine.current
    if machine.usesAVX2, machine.forcedBLASCore == nil { #expect(machine.blasCore != "Prescott") }
  }

  @Test func measuresMemory() throws {
    let before = Memory.current
    let array = try MLXArray.ones([1 << 20])
    try eval(array)
    let after = Memory.current
    #expect(after.active - before.active >= 1 << 22)
    #expect(after.peak >= after.active)
    #if os(Linux)
      #expect((after.maximumResident ?? 0) >= (after.resident ?? .max))
    #endif
    withExtendedLifetime(array) {}
  }

  /// Not a benchmark: a rate this low means that MLX found another BLAS than OpenBLAS.
  @Test func productsAreNotSlow() throws {
    #expect(try Machine.measureProductRate() > 10)
  }
}
