import CZlib
import Foundation

/// Reads a ZIP archive from a stranger: stored, deflate and zstd entries, ZIP64. Nothing is unpacked to disk.
///
/// The directory must be consistent, and no entry may lie over another. What an entry unpacks to is bounded before memory is
/// taken for it. Of entries with one name the last counts, as in Inspect, which appends a sample that was run again.
final class ZipReader {
  /// The most that one entry may unpack to.
  static let entryLimit = 512 << 20
  /// An archive may unpack to this many times its size, or to 4 GiB if that is more.
  static let ratioLimit = 1_100
  private static let directoryLimit = 1 << 30

  struct Entry: Sendable, Hashable {
    var name: String
    var method: UInt16
    var packed: Int
    var size: Int
    var crc: UInt32
    var offset: Int
  }

  /// The entries in the order of the directory.
  private(set) var entries: [Entry] = []
  private let name: String
  private let handle: FileHandle
  private let fileSize: Int

  /// - Parameter name: what a person calls the file.
  /// - Throws: `TableError` if the file cannot be read or is not a sound archive.
  init(_ file: URL, name: String) throws {
    self.name = name
    do {
      handle = try FileHandle(forReadingFrom: file)
      fileSize = Int(try handle.seekToEnd())
    } catch { throw TableError(file: name, "it cannot be read: \(error.localizedDescription)") }
    let directory = try directory()
    entries.reserveCapacity(min(directory.count, 1 << 20))
    var bytes = LittleEndianReader(try read(directory.size, at: directory.offset))
    for _ in 0..<directory.count { entries.append(try entry(&bytes)) }
    try check(directoryStart: directory.offset)
    let last = Dictionary(entries.indices.map { (entries[$0].name, $0) }, uniquingKeysWith: max)
    if last.count < entries.count {
      entries = entries.indices.filter { last[entries[$0].name] == $0 }.map { entries[$0] }
    }
  }

  /// The content of an entry, unpacked and checked.
  ///
  /// - Throws: `TableError` if the entry is damaged, too large, or packed by a method that cannot be read.
  func bytes(of entry: Entry) throws -> [UInt8] {
    if entry.size > Self.entryLimit || entry.packed > Self.entryLimit {
      throw damage(
        "the entry \(entry.name) has \(max(entry.size, entry.packed) >> 20) MiB; \(Self.entryLimit >> 20) is the most")
    }
    var header = LittleEndianReader(try read(30, at: entry.offset))
    guard header.word32() == 0x0403_4B50 else { throw damage("the entry \(entry.name) does not begin where it should") }
    header.skip(22)
    let start = entry.offset + 30 + Int(header.word16()) + Int(header.word16())
    let packed = try read(entry.packed, at: start)
    let bytes = try unpack(packed, entry)
    guard bytes.count == entry.size, crc32_z(0, bytes, bytes.count) == UInt(entry.crc) else {
      throw damage("the entry \(entry.name) is damaged (its checksum is wrong): copy the file again")
    }
    return bytes
  }

  private func unpack(_ packed: [UInt8], _ entry: Entry) throws -> [UInt8] {
    var written: Int64 = 0
    func output(_ body: (UnsafeMutablePointer<UInt8>) -> Int64) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: max(entry.size, 1)) { buffer, count in
        written = buffer.baseAddress.map(body) ?? -1
        count = max(0, Int(written))
      }
    }
    let bytes: [UInt8]
    switch entry.method {
    case 0: return packed
    case 8: bytes = output { czlib_inflate(packed, UInt32(packed.count), $0, UInt32(entry.size)) }
    case 93: bytes = output { czlib_unzstd(packed, packed.count, $0, entry.size) }
    default:
      throw damage("the entry \(entry.name) is packed by method \(entry.method); stored, deflate and zstd can be read")
    }
    if written == -2 {
      throw damage(
        "it is packed by zstd, and this system has no libzstd.so.1. Install libzstd1, or write the log as JSON: "
          + "inspect log convert --to json")
    }
    if written < 0 { throw damage("the entry \(entry.name) cannot be unpacked: copy the file again") }
    return bytes
  }

  private func damage(_ words: String) -> TableError { TableError(file: name, words) }

  private func read(_ count: Int, at offset: Int) throws -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= fileSize, count <= fileSize - offset else {
      throw damage("it is cut off or damaged: copy the file again")
    }
    if count == 0 { return [] }
    do {
      try handle.seek(toOffset: UInt64(offset))
      let data = try handle.read(upToCount: count) ?? Data()
      guard data.count == count else { throw damage("it changes while it is read; wait until it is whole") }
      return [UInt8](data)
    } catch let error as TableError {
      throw error
    } catch { throw damage("it cannot be read: \(error.localizedDescription)") }
  }
}

// The directory (PKWARE's APPNOTE 6.3.3, sections 4.3.12 to 4.3.16 and 4.5.3).
extension ZipReader {
  private func directory() throws -> (count: Int, size: Int, offset: Int) {
    let tailSize = min(fileSize, 22 + 0xFFFF)
    let tail = try read(tailSize, at: fileSize - tailSize)
    let ends = stride(from: tailSize - 22, through: 0, by: -1)
    guard let place = ends.first(where: { tail[$0...].starts(with: [0x50, 0x4B, 5, 6]) }) else {
      throw damage("it is not a ZIP archive, or it is cut off: an .eval file is one")
    }
    var end = LittleEndianReader(Array(tail[(place + 4)...]))
    let disks = end.word32()
    end.skip(2)
    var count = Int(end.word16())
    var size = Int(end.word32())
    var offset = Int(end.word32())
    guard disks == 0 else { throw damage("it is one of several parts of an archive") }
    let endOffset = fileSize - tailSize + place
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF, endOffset >= 20 {
      var locator = LittleEndianReader(try read(20, at: endOffset - 20))
      if locator.word32() == 0x0706_4B50 {
        locator.skip(4)
        var record = LittleEndianReader(try read(56, at: locator.word64()))
        guard record.word32() == 0x0606_4B50 else { throw damage("its ZIP64 record is damaged") }
        record.skip(28)
        (count, size, offset) = (record.word64(), record.word64(), record.word64())
      }
    }
    guard size <= Self.directoryLimit, count >= 0, count <= size / 46, offset >= 0, size <= fileSize - offset else {
      throw damage("its directory is damaged or cut off: copy the file again")
    }
    return (count, size, offset)
  }

  private func entry(_ bytes: inout LittleEndianReader) throws -> Entry {
    guard bytes.word32() == 0x0201_4B50 else {
      throw damage("its directory is damaged or cut off: copy the file again")
    }
    bytes.skip(4)
    let flags = bytes.word16()
    let method = bytes.word16()
    bytes.skip(4)
    let crc = bytes.word32()
    var packed = Int(bytes.word32())
    var size = Int(bytes.word32())
    let nameCount = Int(bytes.word16())
    let extraCount = Int(bytes.word16())
    let commentCount = Int(bytes.word16())
    bytes.skip(4)
    let attributes = bytes.word32()
    var offset = Int(bytes.word32())
    guard let name = String(validating: bytes.take(nameCount), as: UTF8.self) else {
      throw damage("the name of an entry is not UTF-8")
    }
    var extra = LittleEndianReader(Array(bytes.take(extraCount)))
    bytes.skip(commentCount)
    while extra.rest >= 4 {
      let (kind, length) = (extra.word16(), Int(extra.word16()))
      guard kind == 1 else {
        extra.skip(length)
        continue
      }
      var large = LittleEndianReader(Array(extra.take(length)))
      if size == 0xFFFF_FFFF { size = large.word64() }
      if packed == 0xFFFF_FFFF { packed = large.word64() }
      if offset == 0xFFFF_FFFF { offset = large.word64() }
    }
    guard !bytes.isOver, packed >= 0, size >= 0, offset >= 0 else {
      throw damage("its directory is damaged or cut off: copy the file again")
    }
    try checkName(name, isLink: attributes >> 28 == 0o12, isEncrypted: flags & 1 == 1)
    return Entry(name: name, method: method, packed: packed, size: size, crc: crc, offset: offset)
  }

  private func checkName(_ name: String, isLink: Bool, isEncrypted: Bool) throws {
    // The name of a sample's entry holds its ID, which may be any text.
    let place = name.hasPrefix("samples/") ? "" : name
    if name.isEmpty || place.hasPrefix("/") || place.split(separator: "/").contains("..") || name.utf8.contains(0) {
      throw damage("it has an entry named '\(name.prefix(100))', which leads out of the archive")
    }
    if isLink { throw damage("its entry \(name) is a symbolic link; a log has none") }
    if isEncrypted { throw damage("its entry \(name) is encrypted") }
  }

  private func check(directoryStart: Int) throws {
    var (end, total) = (0, 0)
    for entry in entries.sorted(by: { $0.offset < $1.offset }) {
      guard entry.offset >= end else { throw damage("its entry \(entry.name) lies over another entry") }
      let (next, isTooLarge) = entry.offset.addingReportingOverflow(entry.packed)
      guard !isTooLarge, next <= directoryStart - 30 else {
        throw damage("its directory is damaged or cut off: copy the file again")
      }
      end = next + 30 + entry.name.utf8.count
      total = total.addingReportingOverflow(entry.size).partialValue
      guard total >= 0, total <= max(4 << 30, Self.ratioLimit * fileSize) else {
        throw damage(
          "it unpacks to more than 4 GiB and more than \(Self.ratioLimit) times its size, which no log does")
      }
    }
  }
}

/// Numbers from bytes, the lowest byte first. Behind the end all numbers are 0 and `isOver` is true.
struct LittleEndianReader {
  private let bytes: [UInt8]
  private var position = 0
  private(set) var isOver = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var rest: Int { bytes.count - position }

  mutating func take(_ count: Int) -> ArraySlice<UInt8> {
    guard count <= rest else {
      isOver = true
      position = bytes.count
      return []
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  mutating func skip(_ count: Int) { _ = take(count) }

  mutating func word16() -> UInt16 { number() }
  mutating func word32() -> UInt32 { number() }

  /// A number that is too large for any file is -1.
  mutating func word64() -> Int { Int(exactly: number() as UInt64) ?? -1 }

  private mutating func number<Number: FixedWidthInteger>() -> Number {
    take(Number.bitWidth / 8).reversed().reduce(0) { $0 << 8 | Number($1) }
  }
}
