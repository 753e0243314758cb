import Foundation
import Testing

@testable import Interop

/// Archives against Python's reader.
@Suite struct ZipTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "zip-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  @Test func pythonReadsEveryEntry() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "a.zip")
    let file = try ExportFile(path)
    let archive = ZipWriter(file)
    var noise = SystemRandomNumberGenerator()
    let random = (0..<100_000).map { _ in UInt8(truncatingIfNeeded: noise.next()) }
    let parts: [(String, [UInt8])] = [
      ("plain.txt", Array("hello".utf8)), ("empty", []), ("folder/größe.json", Array(repeating: 65, count: 3_000_000)),
      ("random", random),
    ]
    for (name, bytes) in parts { try archive.add(name, bytes) }
    try archive.finish()
    try file.finish()
    let found = try ExportedRunFixture.python(
      """
      import sys, zipfile
      a = zipfile.ZipFile(sys.argv[1])
      assert a.testzip() is None
      print([(i.filename, i.file_size, i.compress_type) for i in a.infolist()])
      assert a.read("plain.txt") == b"hello" and a.read("folder/größe.json") == b"A" * 3000000
      assert sum(a.read("random")) == int(sys.argv[2])
      """, path.path, "\(random.reduce(0) { $0 + Int($1) })")
    #expect(
      found == "[('plain.txt', 5, 0), ('empty', 0, 0), ('folder/größe.json', 3000000, 8), ('random', 100000, 0)]")
  }

  @Test func moreEntriesThanSixteenBitsCount() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "a.zip")
    let file = try ExportFile(path)
    let archive = ZipWriter(file)
    for index in 0..<66_000 { try archive.add("\(index)", [UInt8(index % 256)]) }
    try archive.finish()
    try file.finish()
    let found = try ExportedRunFixture.python(
      """
      import struct, sys, zipfile
      a = zipfile.ZipFile(sys.argv[1])
      assert a.testzip() is None
      # Python counts the entries itself. Other readers go by the ZIP64 record, which the locator names.
      data = open(sys.argv[1], "rb").read()
      end = data.rfind(b"PK\\5\\6")
      assert data[end - 20:end - 16] == b"PK\\6\\7"
      record = data[struct.unpack("<Q", data[end - 12:end - 4])[0]:]
      assert record[:4] == b"PK\\6\\6" and struct.unpack("<Q", record[32:40])[0] == 66000
      print(len(a.namelist()), a.read("65999")[0])
      """, path.path)
    #expect(found == "66000 \(65_999 % 256)")
  }

  @Test func anUnfinishedFileLeavesNothing() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      let file = try ExportFile(folder.appending(path: "half"))
      try file.write([UInt8](repeating: 1, count: 2 << 20))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func anExistingFileStays() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "mine")
    try Data("mine".utf8).write(to: path)
    #expect(throws: ExportError.self) { try ExportFile(path) }
    #expect(try String(contentsOf: path, encoding: .utf8) == "mine")
    #expect(throws: ExportError.self) { try ExportFile(folder.appending(path: "missing/file")) }
  }
}
