import Foundation
import Testing

@testable import MLX

@Suite struct SafetensorsTests {
  private func sample() throws -> Safetensors {
    let arrays = Parameters([
      ("weight", try MLXArray([1.5, -2, .infinity, 0, 1e-40, 3] as [Float], [2, 3])),
      ("ids", try MLXArray([1, -1, .max] as [Int32])),
      ("empty", try MLXArray([Float](), [0, 4])),
      ("scalar", try MLXArray(7)),
      ("half", try MLXArray([1, 2] as [Float]).asType(.bfloat16)),
      ("name with \"quotes\" and ü", try MLXArray([true, false])),
    ])
    return Safetensors(arrays: arrays, metadata: ["recipe": "{\"steps\": 3}", "ü": "ß\n"])
  }

  @Test func roundTripThroughAFile() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    let original = try sample()
    try original.write(to: file)
    let read = try Safetensors(contentsOf: file)
    #expect(read.metadata == original.metadata)
    #expect(Set(read.arrays.names) == Set(original.arrays.names))
    for (name, array) in original.arrays.pairs {
      let copy = try read.arrays.require(name)
      #expect(copy.shape == array.shape && copy.dtype == array.dtype)
      #expect(try copy.asData() == array.asData(), "\(name)")
    }
    #expect(try read.encoded() == original.encoded(), "writing is deterministic")
  }

  /// Written by the format's own library: 3 starts, 15 gradients, 15 + 5 of AdamW, 10 + 10 of Muon.
  @Test func readsFilesOfOthers() throws {
    let fixture = try Fixture("optimizers")
    #expect(fixture.table.count == 58)
    #expect(try fixture("start.tall").shape == [6, 4])
  }

  private func file(_ header: String, body: Int = 0) -> Data {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8) + Data(count: body)
  }

  @Test(arguments: [
    ("{", 0, "header"), ("[]", 0, "header"), ("{\"a\": 3}", 0, "header"),
    (#"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}"#, 4, "need 8 bytes"),
    (#"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}"#, 12, "need 8 bytes"),
    (#"{"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}"#, 8, "needs 12 bytes"),
    (#"{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 8]}}"#, 8, "impossible"),
    (#"{"a": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 0]}}"#, 0, "impossible"),
    (#"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}"#, 8, "impossible"),
    (#"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [-8, 0]}}"#, 8, "impossible"),
    (#"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}"#, 12, "instead of 0"),
    (#"{"a": {"dtype": "Q4", "shape": [2], "data_offsets": [0, 8]}}"#, 8, "'Q4'"),
    (#"{"a": {"x": "y"}}"#, 0, "malformed"),
    (String(repeating: #"{"a":"#, count: 5000), 0, "header"),
  ])
  func corruptHeadersAreErrors(header: String, body: Int, reason: String) throws {
    let error = #expect(throws: MLXError.self) { try Safetensors(data: file(header, body: body)) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  /// Every prefix of a good file and every change of one byte of its header either reads or throws; nothing crashes.
  @Test func damagedFilesNeverCrash() throws {
    let good = try sample().encoded()
    for length in 0..<good.count { #expect(throws: MLXError.self) { try Safetensors(data: good.prefix(length)) } }
    let header = 8 + Int(good.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    for position in 0..<header {
      var damaged = good
      damaged[position] ^= 0x15
      do { _ = try Safetensors(data: damaged) } catch is MLXError {}
    }
  }

  @Test func theErrorNamesTheFile() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    #expect(throws: MLXError.self) { try Safetensors(contentsOf: file) }
    try Data([1, 2, 3]).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let error = #expect(throws: MLXError.self) { try Safetensors(contentsOf: file) }
    #expect(error?.description.contains(file.path) == true)
  }
}
