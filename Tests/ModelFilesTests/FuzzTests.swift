import Foundation
import ModelFiles
import Testing
import Tokenization

/// Seeded damage to small valid files: each must be read wholly or refused with a `ModelError`, never crash.
struct FuzzTests {
  /// SplitMix64.
  private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
  }

  /// A flipped bit, a random byte, a huge or special number over eight bytes, a cut, a repeated or removed stretch: one to
  /// four of them, all but the cuts in the first `head` bytes.
  private func damaged(_ bytes: [UInt8], head: Int, _ random: inout Random) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where bytes.count > 16 {
      let place = Int.random(in: 0..<min(head, bytes.count - 8), using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = .random(in: 0...255, using: &random)
      case 2:
        let huge = [0, 1, .max, 1 << 63, 1 << 62, 1 << 32, UInt64(bytes.count), random.next()]
        bytes.replaceSubrange(place..<place + 8, with: (huge.randomElement(using: &random) ?? 0).littleEndianBytes)
      case 3: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
      case 4: bytes.removeSubrange(place..<place + Int.random(in: 1...8, using: &random))
      default: bytes.insert(contentsOf: bytes[place..<place + 8], at: place)
      }
    }
    return bytes
  }

  /// Calls `read` with damaged copies, and counts those that it accepts.
  private func accepted(_ bytes: [UInt8], head: Int, times: Int, _ read: (Data) throws -> Void) throws -> Int {
    try (0..<times).reduce(0) { count, seed in
      var random = Random(state: UInt64(seed))
      do {
        try read(Data(damaged(bytes, head: head, &random)))
        return count + 1
      } catch is ModelError { return count }
    }
  }

  private func readEverything(of file: GGUFFile) throws {
    for (name, tensor) in file.tensors {
      _ = try tensor.values(in: file.data, name: name)
      _ = try tensor.blocks(in: file.data, name: name)
    }
    let configuration = try TransformerConfiguration(gguf: file)
    let weights = try FileWeights(configuration, gguf: file)
    for (name, _) in configuration.weightShapes { _ = try weights.values(name) }
    _ = try file.tokenizerData()
  }

  @Test(arguments: ["qwen2.gguf", "formats.gguf"])
  func gguf(name: String) throws {
    let bytes = [UInt8](try Fixture.data(name))
    let count = try accepted(bytes, head: 4_000, times: 2_000) {
      try readEverything(of: GGUFFile(data: $0, name: "x"))
    }
    // Some damage does not matter (a text, a number); most does.
    if name == "qwen2.gguf" { #expect((50..<1_000).contains(count)) }
  }

  @Test func safetensors() throws {
    let bytes = [UInt8](try Fixture.data("qwen3/model.safetensors"))
    let count = try accepted(bytes, head: 1_500, times: 2_000) {
      let file = try SafetensorsFile(data: $0, name: "x")
      for name in file.names { _ = try file.tensor(name)?.values(in: file.data, name: name) }
    }
    #expect((20..<1_000).contains(count))
  }

  @Test(arguments: ["gemma3-images/config.json", "llama/config.json"])
  func configuration(name: String) throws {
    let bytes = [UInt8](try Fixture.data(name))
    let count = try accepted(bytes, head: bytes.count, times: 2_000) {
      let configuration = try TransformerConfiguration(huggingFace: $0, source: "x")
      _ = configuration.parameterCount
    }
    #expect((50..<1_500).contains(count))
  }
}
