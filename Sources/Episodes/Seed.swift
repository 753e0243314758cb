/// A 64-bit seed that is derived by name, never drawn from a stream.
///
/// `Seed(1)["stage", "flattery"][3]` is the same number in every process and under every schedule, so concurrency and
/// resuming change nothing (design decision 8). Names are mixed byte by byte (FNV-1a) and finished with the SplitMix64
/// finaliser; adjacent indices give unrelated seeds.
package struct Seed: Sendable, Hashable, Codable {
  package let value: UInt64

  package init(_ value: UInt64) { self.value = value }

  /// Returns the seed for a child named by `parts`.
  package subscript(_ parts: String...) -> Seed {
    Seed(parts.reduce(value) { Self.finish(Self.absorb($1.utf8, into: $0)) })
  }

  /// Returns the seed for the child with this index.
  package subscript(_ index: Int) -> Seed { self["#\(index)"] }

  private static func absorb(_ bytes: String.UTF8View, into state: UInt64) -> UInt64 {
    bytes.reduce(state ^ 0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  private static func finish(_ state: UInt64) -> UInt64 {
    var z = state &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// A deterministic generator (SplitMix64) for one named seed, for use with the standard library's `random(in:using:)`.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(_ seed: Seed) { state = seed.value }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
