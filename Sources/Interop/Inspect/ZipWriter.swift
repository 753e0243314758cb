import CZlib

/// Writes a ZIP archive entry by entry, deflated (PKWARE's APPNOTE 6.3.3), with ZIP64 records where the archive has more
/// than 65,534 entries or 4 GiB. Only the directory is kept in memory.
final class ZipWriter {
  /// Fast: transcripts shrink to a tenth at any level.
  private static let level: Int32 = 4
  /// 1980-01-01, the first date there is: equal episodes make equal archives.
  private static let date: UInt16 = 0x21
  /// Names are UTF-8.
  private static let flags: UInt16 = 1 << 11

  private let file: ExportFile
  private var directory = LittleEndianBytes()
  private var entries = 0
  private var offset = 0

  init(_ file: ExportFile) { self.file = file }

  /// - Throws: `ExportError` if the entry has 4 GiB or more, or if the disk takes no more.
  func add(_ name: String, _ bytes: [UInt8]) throws {
    let packed = try Self.deflated(bytes, name)
    let isPacked = packed.count < bytes.count
    let data = isPacked ? packed : bytes
    var fixed = LittleEndianBytes()
    for word in [Self.flags, isPacked ? 8 : 0, 0, Self.date] { fixed.append(word) }
    fixed.append(UInt32(truncatingIfNeeded: crc32_z(0, bytes, bytes.count)))
    fixed.append(UInt32(data.count))
    fixed.append(UInt32(bytes.count))
    fixed.append(UInt16(name.utf8.count))
    try write(header(fixed) + name.utf8)
    register(name, fixed, at: offset - 30 - name.utf8.count)
    try write(data)
    entries += 1
  }

  /// Writes the directory; the caller finishes the file.
  func finish() throws {
    let start = offset
    try write(directory.bytes)
    let size = offset - start
    var end = LittleEndianBytes()
    if entries >= 0xFFFF || start >= 0xFFFF_FFFF || size >= 0xFFFF_FFFF { appendLargeEnd(start, size, to: &end) }
    end.append(UInt32(0x0605_4B50))
    end.append(UInt32(0))
    for _ in 0..<2 { end.append(UInt16(min(entries, 0xFFFF))) }
    end.append(UInt32(min(size, 0xFFFF_FFFF)))
    end.append(UInt32(min(start, 0xFFFF_FFFF)))
    end.append(UInt16(0))
    try write(end.bytes)
  }

  private func header(_ fixed: LittleEndianBytes) -> [UInt8] {
    var header = LittleEndianBytes()
    header.append(UInt32(0x0403_4B50))
    header.append(UInt16(20))
    return header.bytes + fixed.bytes + [0, 0]
  }

  private func register(_ name: String, _ fixed: LittleEndianBytes, at place: Int) {
    let isLarge = place >= 0xFFFF_FFFF
    directory.append(UInt32(0x0201_4B50))
    for version in [UInt16(45), isLarge ? 45 : 20] { directory.append(version) }
    directory.bytes += fixed.bytes
    directory.append(UInt16(isLarge ? 12 : 0))
    // No comment, first disk, no attributes.
    for word in [UInt16(0), 0, 0, 0, 0] { directory.append(word) }
    directory.append(UInt32(min(place, 0xFFFF_FFFF)))
    directory.bytes += name.utf8
    guard isLarge else { return }
    directory.append(UInt16(1))
    directory.append(UInt16(8))
    directory.append(UInt64(place))
  }

  /// The ZIP64 record and its locator.
  private func appendLargeEnd(_ start: Int, _ size: Int, to end: inout LittleEndianBytes) {
    end.append(UInt32(0x0606_4B50))
    end.append(UInt64(44))
    for _ in 0..<2 { end.append(UInt16(45)) }
    end.append(UInt64(0))
    for number in [entries, entries, size, start] { end.append(UInt64(number)) }
    end.append(UInt32(0x0706_4B50))
    end.append(UInt32(0))
    end.append(UInt64(offset))
    end.append(UInt32(1))
  }

  private func write(_ bytes: [UInt8]) throws {
    try file.write(bytes)
    offset += bytes.count
  }

  private static func deflated(_ bytes: [UInt8], _ name: String) throws -> [UInt8] {
    // A little more than the input at most: deflate stores what does not shrink.
    let capacity = bytes.count + bytes.count / 1_000 + 64
    guard capacity < 0xFFFF_FFFF else {
      throw ExportError(
        "The part \(name) has \(bytes.count >> 20) MiB; a part of a log has less than 4 GiB. Export fewer episodes.")
    }
    let packed = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      count = Int(czlib_deflate(level, bytes, UInt32(bytes.count), output.baseAddress, UInt32(capacity)))
    }
    guard !packed.isEmpty else { throw ExportError("The part \(name) cannot be compressed: memory is short.") }
    return packed
  }
}

/// Bytes of numbers, the lowest byte first.
struct LittleEndianBytes {
  var bytes: [UInt8] = []

  mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
  }
}
