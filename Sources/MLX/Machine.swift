internal import CMLX
internal import Foundation

/// What `subterfuge doctor` says about numbers on this machine.
package struct Machine: Sendable, Codable {
  /// Of the library that was loaded.
  package let mlxVersion: String
  /// OpenBLAS's description of its build; empty when another BLAS was linked.
  package let blasConfiguration: String
  /// The processor OpenBLAS chose kernels for.
  package let blasCore: String
  /// What `OPENBLAS_CORETYPE` made it choose; an old core there halves the speed of a new processor. Nil when unset.
  package let forcedBLASCore: String?
  /// Whether the kernels of training use AVX2 and FMA; otherwise they use the baseline instruction set.
  package let usesAVX2: Bool
  /// Whether large products of training are made of three products of bfloat16 on tiles (AMX); otherwise OpenBLAS makes them.
  package let multipliesOnTiles: Bool
  /// The instructions that sampling uses at most: `portable`, `AVX2`, `AVX-512`, `VNNI` (AVX-512 with integers) or `AMX`.
  package let samplingKernels: String
  /// Threads that share our kernels' work (`CMLX_THREADS`, or the number of cores).
  package let threads: Int

  /// The machine this process runs on.
  package static var current: Machine {
    Machine(
      mlxVersion: String(cString: cmlx_version()), blasConfiguration: String(cString: cmlx_blas_configuration()),
      blasCore: String(cString: cmlx_blas_core()),
      forcedBLASCore: ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"], usesAVX2: cmlx_uses_avx2(),
      multipliesOnTiles: cmlx_multiplies_on_tiles(),
      samplingKernels: ["portable", "AVX2", "AVX-512", "VNNI", "AMX"][Int(cmlx_decoder_best_kernels())],
      threads: cmlx_thread_count())
  }

  /// Below this the wrong BLAS is in use: OpenBLAS reaches more even on one old core, MLX's reference library never.
  package static let healthyProductRate = 50.0

  /// GFLOP/s (1e9 floating-point operations a second) of a float32 product of two 1024 x 1024 matrices, the median of
  /// five after one that is not counted.
  package static func measureProductRate() throws -> Double {
    let size = 1024
    let keys = try MLXRandom.split(key: MLXRandom.key(0), into: 2)
    let matrices = try keys.map { try MLXRandom.normal([size, size], key: $0) }
    try eval(matrices)
    let seconds = try (0..<6).map { _ in
      let product = try matmul(matrices[0], matrices[1])
      let start = ContinuousClock.now
      try eval(product)
      return (ContinuousClock.now - start) / .seconds(1)
    }
    return 2 * Foundation.pow(Double(size), 3) / seconds.dropFirst().sorted()[2] / 1e9
  }
}

/// Memory in bytes.
package struct Memory: Sendable, Codable {
  /// Held by MLX's arrays now.
  package let active: Int
  /// Freed by arrays and kept for reuse.
  package let cache: Int
  /// The most MLX's arrays held since the start or the last `resetPeak`.
  package let peak: Int
  /// The resident memory of the whole process now, and its maximum; nil where the system does not say.
  package let resident: Int?, maximumResident: Int?

  /// Now.
  package static var current: Memory {
    Memory(
      active: cmlx_active_memory(), cache: cmlx_cache_memory(), peak: cmlx_peak_memory(),
      resident: status("VmRSS:"), maximumResident: status("VmHWM:"))
  }

  /// Starts the measurement of `peak` anew.
  package static func resetPeak() { cmlx_reset_peak_memory() }

  /// Sets how much freed memory MLX keeps for reuse, and returns the previous limit.
  @discardableResult package static func setCacheLimit(_ bytes: Int) -> Int { cmlx_set_cache_limit(bytes) }

  /// Keeps memory that the body frees with the process until the body ends, for its next arrays; the system would clear every
  /// page of it again.
  package static func reusing<Result>(_ body: () throws -> Result) rethrows -> Result {
    cmlx_keep_freed_memory(true)
    defer { cmlx_keep_freed_memory(false) }
    return try body()
  }

  /// What this process may have at most: the machine's memory, or less where its address space is limited.
  package static var limit: Int {
    var limit = rlimit()
    let physical = UInt64(ProcessInfo.processInfo.physicalMemory)
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return Int(physical) }
    return Int(min(physical, UInt64(limit.rlim_cur)))
  }

  /// A line such as "VmRSS:   123 kB" of Linux's process status.
  private static func status(_ field: String) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(field) }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    return kilobytes * 1024
  }
}
