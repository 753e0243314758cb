/// A set of Unicode scalars: `a`, `\s`, `\p{L}`, `[^\r\n\p{L}\p{N}]` of a regular expression.
struct ScalarSet: Sendable, Hashable {
  private var kinds: ScalarKind
  private var ranges: [ClosedRange<UInt32>]
  /// Sets of which one is enough.
  private var parts: [ScalarSet]
  /// Sets that are all needed.
  private var limits: [ScalarSet] = []
  private var isNegated = false
  /// The answers for ASCII.
  private var ascii: SIMD2<UInt64> = [0, 0]

  init(_ kinds: ScalarKind = [], ranges: [ClosedRange<UInt32>] = [], parts: [ScalarSet] = []) {
    (self.kinds, self.ranges, self.parts) = (kinds, ranges, parts)
    prepare()
  }

  /// All scalars that are not in the set.
  var negated: ScalarSet {
    var set = self
    set.isNegated.toggle()
    set.prepare()
    return set
  }

  /// The scalars that are in `other` too.
  func intersection(_ other: ScalarSet) -> ScalarSet {
    var set = ScalarSet(parts: [self])
    set.limits = [other]
    set.prepare()
    return set
  }

  /// The set with the other case of each ASCII letter in it, and with U+017F, the other small s.
  var ignoringCase: ScalarSet {
    let letters = (UInt32(0x41)...0x5A).filter { contains($0) || contains($0 | 0x20) }
    let others = letters.flatMap { [$0...$0, ($0 | 0x20)...($0 | 0x20)] }
    let long: [ClosedRange<UInt32>] = letters.contains(0x53) ? [0x17F...0x17F] : []
    let kelvin: [ClosedRange<UInt32>] = letters.contains(0x4B) ? [0x212A...0x212A] : []
    return ScalarSet(ranges: others + long + kelvin, parts: [self])
  }

  func contains(_ value: UInt32) -> Bool {
    value < 0x80 ? ascii[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1 : looksUp(value)
  }

  private func looksUp(_ value: UInt32) -> Bool {
    let isIn =
      ScalarKind(value).isIn(kinds) || ranges.contains { $0.contains(value) } || parts.contains { $0.contains(value) }
    return (isIn && limits.allSatisfy { $0.contains(value) }) != isNegated
  }

  private mutating func prepare() {
    ascii = [0, 0]
    for value in UInt32(0)..<0x80 where looksUp(value) { ascii[Int(value >> 6)] |= 1 << UInt64(value & 63) }
  }
}
