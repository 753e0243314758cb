/// The bytes of every id, and the id of bytes. Bytes, never `String`: strings that differ only in Unicode normalisation
/// are equal to Swift and different to a vocabulary.
struct PieceTable: Sendable {
  private var bytes: [UInt8] = []
  /// Where the bytes of each id begin; one entry more than there are ids.
  private var starts: [Int] = [0]
  /// Ids by hash; -1 is vacant.
  private var slots: [Int32]
  private let mask: Int
  private let seed = UInt64.random(in: 0...UInt64.max)
  /// The length in bytes of the longest piece that `id(of:)` finds.
  private(set) var longest = 0

  /// A table for at most `capacity` pieces.
  init(capacity: Int) {
    let bits = max(4, Int.bitWidth - (2 * max(1, capacity) - 1).leadingZeroBitCount)
    slots = Array(repeating: -1, count: 1 << bits)
    mask = (1 << bits) - 1
    starts.reserveCapacity(capacity + 1)
  }

  /// The number of ids.
  var count: Int { starts.count - 1 }

  /// The bytes of an id in `0..<count`.
  subscript(id: Int32) -> ArraySlice<UInt8> { bytes[starts[Int(id)]..<starts[Int(id) + 1]] }

  /// The id of a piece that was appended to be found.
  func id(of piece: ArraySlice<UInt8>) -> Int32? {
    if piece.count > longest { return nil }
    let id = slots[slot(of: piece)]
    return id < 0 ? nil : id
  }

  /// Appends the piece of the next id.
  ///
  /// - Parameter findable: whether `id(of:)` finds it.
  /// - Returns: false when it was to be found and another id has the same bytes: that one is found.
  @discardableResult
  mutating func append(_ piece: some Sequence<UInt8>, findable: Bool) -> Bool {
    let start = bytes.count
    let id = Int32(count)
    bytes.append(contentsOf: piece)
    starts.append(bytes.count)
    guard findable else { return true }
    let slot = slot(of: bytes[start...])
    guard slots[slot] < 0 else { return false }
    slots[slot] = id
    longest = max(longest, bytes.count - start)
    return true
  }

  /// Where the piece is, or would be.
  private func slot(of piece: ArraySlice<UInt8>) -> Int {
    var hash = seed
    for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15 ^ (hash >> 29) }
    var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
    while slots[slot] >= 0 && !isEqual(slots[slot], piece) { slot = (slot + 1) & mask }
    return slot
  }

  private func isEqual(_ id: Int32, _ piece: ArraySlice<UInt8>) -> Bool {
    let (start, end) = (starts[Int(id)], starts[Int(id) + 1])
    guard end - start == piece.count else { return false }
    for offset in 0..<piece.count where bytes[start + offset] != piece[piece.startIndex + offset] { return false }
    return true
  }
}
