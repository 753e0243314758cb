/// A map from integers to integers without deletion: open addressing, about 20 ns a look-up however large.
struct IntegerTable: Sendable {
  private static let vacant = UInt64.max

  /// Key and value in turn, so that one cache line holds both.
  private var slots: [UInt64]
  private let shift: UInt64
  /// Drawn anew for every table, so that a hostile file cannot choose keys that collide.
  private let factor = UInt64.random(in: 0...UInt64.max) | 1

  /// A table for at most `capacity` keys.
  init(capacity: Int) {
    let bits = max(4, Int.bitWidth - (2 * max(1, capacity) - 1).leadingZeroBitCount)
    slots = Array(repeating: Self.vacant, count: 2 << bits)
    shift = UInt64(64 - bits)
  }

  /// The value of a key other than `UInt64.max`.
  subscript(key: UInt64) -> UInt64? {
    let slot = slot(of: key)
    return slots[slot] == Self.vacant ? nil : slots[slot + 1]
  }

  /// Keeps `value` unless the key has one; returns whether it was kept.
  @discardableResult
  mutating func insert(_ key: UInt64, _ value: UInt64) -> Bool {
    let slot = slot(of: key)
    guard slots[slot] == Self.vacant else { return false }
    slots[slot] = key
    slots[slot + 1] = value
    return true
  }

  /// Where the key is, or would be.
  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: ((key ^ (key >> 31)) &* factor) >> shift) * 2
    while slots[slot] != key && slots[slot] != Self.vacant { slot = slot + 2 == slots.count ? 0 : slot + 2 }
    return slot
  }
}

extension IntegerTable {
  /// The value of a pair of ids or numbers.
  subscript(first: Int32, second: Int32) -> UInt64? { self[Self.key(first, second)] }

  /// Two numbers of 32 bits in one.
  static func key(_ first: Int32, _ second: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
  }
}
