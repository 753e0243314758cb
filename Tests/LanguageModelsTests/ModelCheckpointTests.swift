import Foundation
import MLX
import Testing
import Tokenization

@testable import LanguageModels

struct ModelCheckpointTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "checkpoint-\(UUID())")

  @Test("A written checkpoint reads back bit for bit; its digest is the file's SHA-256 and names its content")
  func roundTrip() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "tiny.safetensors")
    let checkpoint = try TinyModel.checkpoint()
    let digest = try checkpoint.write(to: file)
    let read = try ModelCheckpoint(contentsOf: file)
    #expect(read.weights == checkpoint.weights)
    #expect(read.architecture == checkpoint.architecture)
    #expect(read.tokenizer as? WordTokenizer == TinyModel.tokenizer)
    #expect(read.lineage == checkpoint.lineage)
    #expect(try read.digest() == digest)
    #expect(try TinyModel.checkpoint(seed: 6).digest() != digest)
    #expect(try Self.sha256(file) == digest)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["tiny.safetensors"])
  }

  /// The system's own tool.
  private static func sha256(_ file: URL) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = [file.path]
    process.standardOutput = output
    try process.run()
    return String(decoding: output.fileHandleForReading.readDataToEndOfFile().prefix(64), as: UTF8.self)
  }

  @Test("A file that is cut, damaged, of another kind or not there gives one error that names it")
  func damage() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "tiny.safetensors")
    _ = try TinyModel.checkpoint().write(to: file)
    let good = try Data(contentsOf: file)
    let text = String(decoding: good.prefix(4_000), as: UTF8.self)
    #expect(text.contains("\\\"layers\\\":2"))
    var otherLayers = good
    let place = try #require(good.firstRange(of: Data("\\\"layers\\\":2".utf8)))
    otherLayers.replaceSubrange(place, with: Data("\\\"layers\\\":3".utf8))
    var notANumber = good
    notANumber.replaceSubrange(good.count - 4..<good.count, with: Data([0, 0, 0xc0, 0x7f]))
    let damaged = [good.dropLast(1), good.prefix(100), Data(), Data("hello".utf8), otherLayers, notANumber]
    for data in damaged {
      try Data(data).write(to: file)
      let error = #expect(throws: ModelError.self) { try ModelCheckpoint(contentsOf: file) }
      #expect(error?.description.contains("tiny.safetensors") == true)
    }
    try FileManager.default.removeItem(at: file)
    #expect(throws: ModelError.self) { try ModelCheckpoint(contentsOf: file) }
  }

  @Test("A folder that cannot be written to gives one error and leaves nothing behind")
  func unwritable() throws {
    #expect(throws: ModelError.self) { try TinyModel.checkpoint().write(to: URL(filePath: "/proc/tiny.safetensors")) }
  }

  @Test("Dimensions that cannot be are refused with the dimension named")
  func configurations() {
    let good = TinyModel.configuration()
    #expect(throws: Never.self) { try good.validate() }
    let bad: [WritableKeyPath<SeedlingConfiguration, Int>: Int] = [
      \.width: 50, \.hidden: 81, \.headWidth: 12, \.keyValueHeads: 4, \.layers: 0, \.context: -1, \.vocabulary: 1 << 40,
    ]
    for (path, value) in bad {
      var configuration = good
      configuration[keyPath: path] = value
      #expect(throws: ModelError.self) { try configuration.validate() }
    }
  }
}
