import Foundation
import ModelFiles
import Testing
import Tokenization

/// Models in parts, as the `gguf` package writes them (`Fixtures/make_fixtures.py`).
struct GGUFPartsTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("parts-\(UUID())")

  private static func name(_ number: Int) -> String { "split-0000\(number)-of-00003.gguf" }

  /// A folder with copies of the parts.
  private func copies() throws -> [URL] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try (1...3).map { number in
      let copy = folder.appendingPathComponent(Self.name(number))
      try Fixture.data(Self.name(number)).write(to: copy)
      return copy
    }
  }

  private func message(_ url: URL) -> String { Fixture.message { try GGUFFile(contentsOf: url) } ?? "no error" }

  @Test(arguments: 1...3) func anyPartOpensAll(number: Int) throws {
    let file = try GGUFFile(contentsOf: Fixture.url(Self.name(number)))
    #expect(file.tensors.count == 15)
    #expect(try file.string("general.architecture") == "qwen2")
    #expect(file.parts.count == 3)
    let sizes = try (1...3).map { try Fixture.data(Self.name($0)).count }
    #expect(file.parts.map(\.count) == sizes)
    let model = try PretrainedModel.load(from: Fixture.url(Self.name(number)), name: "split", chatFormat: .plain) {
      "\($0.count)"
    }
    // The digest of the digests, here their lengths: three lines of four digits.
    #expect(model.digest == "15")
    #expect(try model.weights.values("model.norm.weight").count == 32)
  }

  @Test func aMissingPartIsNamed() throws {
    let parts = try copies()
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.removeItem(at: parts[1])
    for part in [parts[0], parts[2]] {
      #expect(message(part).contains("one of 3 parts, and part 2 is missing: '\(parts[1].path)'"))
    }
  }

  @Test func aDoubledPartIsNamed() throws {
    let parts = try copies()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Fixture.data(Self.name(3)).write(to: parts[1])
    #expect(message(parts[0]).contains("'\(parts[1].path)' should be part 2 of 3, and says it is part 3 of 3"))
  }

  @Test func aWholeModelInThePlaceOfAPartIsNamed() throws {
    let parts = try copies()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Fixture.data("qwen2.gguf").write(to: parts[2])
    #expect(message(parts[0]).contains("should be part 3 of 3, and says it is no part of 1"))
  }

  @Test func partsOfDifferentModelsAreNamed() throws {
    let parts = try copies()
    defer { try? FileManager.default.removeItem(at: folder) }
    // The number of all arrays is the last of the metadata of later parts; another model has one more.
    var bytes = try Data(contentsOf: parts[1])
    let key = Data("split.tensors.count".utf8)
    let place = try #require(bytes.range(of: key)?.upperBound) + 4
    #expect(bytes[place] == 15)
    bytes[place] = 16
    try bytes.write(to: parts[1])
    #expect(message(parts[0]).contains("disagree about the number of arrays"))
  }

  @Test func anArrayInTwoPartsIsNamed() throws {
    let parts = try copies()
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try GGUFFile(data: Data(contentsOf: parts[0]), name: "first").tensors.keys.sorted()
    let second = try GGUFFile(data: Data(contentsOf: parts[1]), name: "second").tensors.keys.sorted()
    // Two arrays whose names are as long as each other.
    let pair = try #require(
      first.lazy.compactMap { name in
        second.first { $0.utf8.count == name.utf8.count }.map { (name, $0) }
      }.first)
    var bytes = try Data(contentsOf: parts[1])
    bytes.replaceSubrange(try #require(bytes.range(of: Data(pair.1.utf8))), with: Data(pair.0.utf8))
    try bytes.write(to: parts[1])
    #expect(message(parts[0]).contains("both hold the array '\(pair.0)'"))
  }

  @Test func aPartUnderAnotherNameIsNamed() throws {
    let parts = try copies()
    defer { try? FileManager.default.removeItem(at: folder) }
    let other = folder.appendingPathComponent("model.gguf")
    try FileManager.default.moveItem(at: parts[0], to: other)
    #expect(message(other).contains("Their names must be NAME-00001-of-00003.gguf"))
  }
}
