import Foundation
import ModelFiles
import Testing

struct SafetensorsTests {
  /// A file with this header and so many bytes of arrays.
  private func message(_ header: String, bytes: Int = 8) -> String? {
    let data = Data(
      UInt64(header.utf8.count).littleEndianBytes + Array(header.utf8) + Array(repeating: 0, count: bytes))
    return Fixture.message { try SafetensorsFile(data: data, name: "x") }
  }

  @Test func headersThatLie() {
    let valid = #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}"#
    #expect(message(valid) == nil)
    #expect(message(valid, bytes: 7)?.contains("need 8 bytes and it holds 7") == true)
    #expect(message(valid, bytes: 9)?.contains("need 8 bytes and it holds 9") == true)
    #expect(message(valid.replacing("F32", with: "F33"))?.contains("unknown type 'F33'") == true)
    #expect(message(valid.replacing("[2]", with: "[3]"))?.contains("needs 12 bytes") == true)
    #expect(message(valid.replacing("[2]", with: "[-2]"))?.contains("is impossible") == true)
    #expect(
      message(valid.replacing("[2]", with: "[4611686018427387904, 4]"))?.contains("is impossible") == true)
    #expect(message(valid.replacing("[0, 8]", with: "[8, 0]"))?.contains("are impossible") == true)
    #expect(message(valid.replacing("[0, 8]", with: "[-8, 0]"))?.contains("are impossible") == true)
    #expect(message(valid.replacing("[0, 8]", with: "[0]"))?.contains("are impossible") == true)
    #expect(
      message(valid.replacing("[0, 8]", with: "[0, 9223372036854775807]"))?.contains(
        "its place has 9223372036854775807") == true)
    #expect(message(valid.replacing(#""shape": [2], "#, with: ""))?.contains("'x' is not a valid") == true)
    #expect(message(String(repeating: #"{"a":"#, count: 100_000))?.contains("cannot be read") == true)
    #expect(message("[]")?.contains("cannot be read") == true)
    let twice =
      #"{"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}, "#
      + #""a": {"dtype": "U8", "shape": [4], "data_offsets": [4, 8]}}"#
    #expect(message(twice) != nil)
    #expect(
      message(valid.replacing(#""a""#, with: #""__metadata__""#))?.contains("'__metadata__' is malformed") == true)
    #expect(message(#"{"a": {"x": "y"}}"#, bytes: 0)?.contains("'a' is malformed") == true)
    let empty = #"{"b": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}, "#
    #expect(message(empty + valid.dropFirst()) == nil)
    let overlapping = twice.replacing("[4, 8]", with: "[2, 8]").replacing(
      #""a": {"dtype": "U8", "shape": [4], "data_offsets": [2"#,
      with: #""b": {"dtype": "U8", "shape": [6], "data_offsets": [2"#)
    #expect(message(overlapping)?.contains("start at 2 instead of 4") == true)
    for length in [UInt64(100), 1 << 40, .max] {
      let data = Data(length.littleEndianBytes + Array(valid.utf8))
      #expect(Fixture.message { try SafetensorsFile(data: data, name: "x") }?.contains("header") == true)
    }
    #expect(Fixture.message { try SafetensorsFile(data: Data([1, 2]), name: "x") }?.contains("'x'") == true)
  }

  @Test func aWeightThatWasReadTakesNoMemory() throws {
    let count = 1 << 20
    let header = "{\"a\": {\"dtype\": \"F32\", \"shape\": [\(count)], \"data_offsets\": [0, \(4 * count)]}}"
    let numbers = (0..<count).map { Float($0) }
    let bytes = numbers.withUnsafeBytes { Data($0) }
    let url = FileManager.default.temporaryDirectory.appending(path: "read-\(UUID()).safetensors")
    try (Data(UInt64(header.utf8.count).littleEndianBytes) + Data(header.utf8) + bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let file = try SafetensorsFile(contentsOf: url)
    let tensor = try #require(try file.tensor("a"))
    for _ in 0..<2 {
      #expect(try tensor.values(in: file.data, name: "a") == numbers)
      // The file has one mapping, whose lines in the list begin with its path.
      let maps = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps")).readToEnd() ?? Data()
      let list = String(decoding: maps, as: UTF8.self).split(separator: "\n")
      let first = try #require(list.firstIndex { $0.hasSuffix(url.lastPathComponent) })
      let resident = try #require(list[first...].first { $0.hasPrefix("Rss:") })
      #expect(Int(resident.filter(\.isNumber)).map { $0 < 64 } == true, "\(resident)")
    }
    // Data that no file is mapped to keeps its bytes.
    // It begins at a page, so that nothing but the list of mapped files protects it.
    let pages = UnsafeMutableRawBufferPointer.allocate(byteCount: file.data.count, alignment: Int(getpagesize()))
    defer { pages.deallocate() }
    file.data.copyBytes(to: pages)
    let start = try #require(pages.baseAddress)
    let copy = Data(bytesNoCopy: start, count: pages.count, deallocator: .none)
    for _ in 0..<2 { #expect(try tensor.values(in: copy, name: "a") == numbers) }
  }

  @Test func weightsOfOtherTypesAreRefusedOnlyWhenRead() throws {
    let header = #"{"a": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}"#
    let data = Data(UInt64(header.utf8.count).littleEndianBytes + Array(header.utf8) + Array(repeating: 0, count: 8))
    let file = try SafetensorsFile(data: data, name: "x")
    #expect(Array(file.names) == ["a"])
    #expect(Fixture.message { try file.tensor("a") } == "'a' in 'x' is stored as I64; supported are F32, F16, BF16.")
    #expect(try file.tensor("b") == nil)
  }

  /// The fixture of a sharded model, with another index.
  private func message(index: String) throws -> String? {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shards-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(at: Fixture.url("llama"), to: folder)
    try Data(index.utf8).write(to: folder.appendingPathComponent("model.safetensors.index.json"))
    return Fixture.message { try SafetensorsFolder(folder) }
  }

  @Test func indicesThatLeaveTheFolderAreRefused() throws {
    for name in [
      "../x.safetensors", "/etc/passwd", "a/b.safetensors", ".x.safetensors", "x.bin", "", #"..\\x.safetensors"#,
    ] {
      let found = try message(index: #"{"weight_map": {"a": "\#(name)"}}"#)
      #expect(found?.contains("not a safetensors file of the same folder") == true, "\(name): \(found ?? "accepted")")
    }
    #expect(try message(index: #"{"weight_map": {"a": "none.safetensors"}}"#)?.contains("There is no file") == true)
    #expect(try message(index: #"{"weight_map": {}}"#)?.contains("names 0 files") == true)
    #expect(try message(index: #"{"weight_map": 3}"#)?.contains("weight_map") == true)
    #expect(
      try message(index: #"{"weight_map": {"a": "model-00001-of-00004.safetensors"}}"#)?.contains("lacks 'a'") == true)
  }
}
