import Foundation
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

  /// The kernel's own list of the processor's instructions is the reference.
  @Test func kernelsUseWhatTheProcessorHas() throws {
    #if os(Linux) && arch(x86_64)
      let listed = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8).split(separator: "\n")
        .first { $0.hasPrefix("flags") }
      let flags = Set(try #require(listed).split(separator: " ").map(String.init))
      var possible = ["portable"]
      if flags.isSuperset(of: ["avx2", "fma"]) { possible.append("AVX2") }
      if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512dq", "avx512vl"]) { possible.append("AVX-512") }
      if flags.contains("avx512_vnni"), possible.count == 3 { possible.append("VNNI") }
      // A container may keep a process from asking for tiles.
      let tiles = flags.isSuperset(of: ["amx_tile", "amx_int8"]) && possible.count == 4 ? ["AMX"] : []
      #expect((possible.suffix(1) + tiles).contains(Machine.current.samplingKernels))
      let bfloats = flags.isSuperset(of: ["avx512_bf16", "amx_bf16"]) && Machine.current.samplingKernels == "AMX"
      #expect(Machine.current.multipliesOnTiles == bfloats)
    #else
      #expect(Machine.current.samplingKernels == "portable")
    #endif
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
