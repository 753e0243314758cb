import Foundation

/// Cuts pieces of a file into lines, so that a file of any size takes the memory of one line.
struct LineReader {
  private let nextPiece: () throws -> [UInt8]
  private let limit: Int
  private var piece: [UInt8] = []
  private var position = 0
  private(set) var line = 0

  /// - Parameter limit: the most bytes of one line.
  init(limit: Int = 64 << 20, nextPiece: @escaping () throws -> [UInt8]) {
    self.limit = limit
    self.nextPiece = nextPiece
  }

  /// The next line that is not empty, without its end; `nil` at the end of the file. `line` is then its number, from 1.
  ///
  /// - Throws: `SampleComplaint` for a line that is too long, which is passed over; whatever `nextPiece` throws.
  mutating func next() throws -> Data? {
    while let bytes = try nextLine() {
      if bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) { return bytes }
    }
    return nil
  }

  private mutating func nextLine() throws -> Data? {
    var (bytes, isTooLong, isStarted) = (Data(), false, false)
    while true {
      if position == piece.count {
        (piece, position) = (try nextPiece(), 0)
        if piece.isEmpty { break }
      }
      isStarted = true
      let end = piece[position...].firstIndex(of: 0x0A) ?? piece.count
      if !isTooLong { bytes.append(contentsOf: piece[position..<end]) }
      isTooLong = isTooLong || bytes.count > limit
      if isTooLong { bytes = Data() }
      position = min(end + 1, piece.count)
      if end < piece.count { break }
    }
    guard isStarted else { return nil }
    line += 1
    if isTooLong { throw SampleComplaint("it is longer than \(limit >> 20) MiB") }
    return bytes
  }
}
