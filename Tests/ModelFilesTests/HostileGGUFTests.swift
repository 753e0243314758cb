import Foundation
import ModelFiles
import Testing

/// Files made to break a reader, by hand.
struct HostileGGUFTests {
  private func message(_ builder: GGUFBuilder) -> String? { Fixture.message { try builder.file() } }

  private static let tensor = GGUFBuilder.Tensor("a", .f32, [2, 4], Array(repeating: 0, count: 32))

  private func changed(_ change: (inout GGUFBuilder.Tensor) -> Void) -> String? {
    var tensor = Self.tensor
    change(&tensor)
    return message(GGUFBuilder(tensors: [tensor]))
  }

  @Test func theFileIsReadWhenNothingIsWrong() throws {
    let file = try GGUFBuilder(tensors: [Self.tensor]).file()
    #expect(file.tensors["a"]?.shape == [2, 4])
  }

  @Test func headersThatLie() {
    #expect(message(GGUFBuilder(magic: Array("GGML".utf8)))?.contains("does not begin with 'GGUF'") == true)
    #expect(message(GGUFBuilder(version: 1))?.contains("its version is 1") == true)
    #expect(message(GGUFBuilder(version: 4))?.contains("its version is 4") == true)
    #expect(message(GGUFBuilder(version: 3 << 24))?.contains("big-endian") == true)
    for count in [UInt64(1), 1 << 40, .max] {
      #expect(message(GGUFBuilder(metadataCount: count))?.contains("not a valid GGUF file") == true)
      #expect(message(GGUFBuilder(tensorCount: count))?.contains("not a valid GGUF file") == true)
    }
    #expect(
      Fixture.message { try GGUFFile(data: Data(), name: "x") }?.hasPrefix("'x' is not a valid GGUF file") == true)
  }

  @Test func metadataThatLies() {
    func value(_ type: UInt32, _ bytes: [UInt8], key: String = "k") -> String? {
      message(GGUFBuilder(metadata: [(key, type, bytes)]))
    }
    let array = { (type: UInt32, count: UInt64) in type.littleEndianBytes + count.littleEndianBytes }
    #expect(value(13, [])?.contains("unknown type 13") == true)
    #expect(value(7, [2])?.contains("neither true nor false") == true)
    #expect(value(8, UInt64.max.littleEndianBytes)?.contains("needs 18446744073709551615 bytes") == true)
    #expect(value(9, array(4, .max))?.contains("claims 18446744073709551615 values of 'k'") == true)
    #expect(value(9, array(8, 1 << 62))?.contains("claims") == true)
    #expect(value(9, array(99, 0))?.contains("unknown type 99") == true)
    let nested = (0..<1_000).flatMap { _ in array(9, 1) }
    #expect(value(9, nested)?.contains("nested too deeply") == true)
    #expect(value(0, [1], key: String(repeating: "k", count: 70_000))?.contains("at most 65535 bytes") == true)
    let twice = GGUFBuilder(metadata: [("k", 0, [1]), ("k", 0, [1])])
    #expect(message(twice)?.contains("the metadata key 'k' occurs twice") == true)
    for alignment in [UInt32(0), 24, 1 << 31] {
      let builder = GGUFBuilder(
        metadata: [("general.alignment", 4, alignment.littleEndianBytes)], tensors: [Self.tensor])
      #expect(message(builder)?.contains("alignment") == true)
    }
  }

  @Test func keysThatAreNotTextAreRefused() {
    var bytes = GGUFBuilder(metadata: [("key", 0, [1])]).data
    bytes[4 + 4 + 8 + 8 + 8] = 0xFF
    #expect(Fixture.message { try GGUFFile(data: bytes, name: "x") }?.contains("not UTF-8") == true)
  }

  @Test func tablesOfArraysThatLie() {
    #expect(changed { $0.dimensions = [] }?.contains("0 dimensions") == true)
    #expect(changed { $0.dimensions = [1, 1, 1, 1, 8] }?.contains("5 dimensions") == true)
    #expect(changed { $0.dimensions = [0, 4] }?.contains("cannot have the shape [4, 0]") == true)
    #expect(changed { $0.dimensions = [.max, 2] }?.contains("cannot have the shape") == true)
    #expect(changed { $0.dimensions = [1 << 33, 1 << 33] }?.contains("cannot have the shape") == true)
    #expect(changed { $0.dimensions = [1 << 61] }?.contains("cannot have the shape") == true)
    #expect(changed { $0.dimensions = [9] }?.contains("perhaps the file was cut off") == true)
    #expect(changed { $0.type = 16 }?.contains("'a' is stored as IQ2_XXS; supported are F32, F16, Q4_0") == true)
    #expect(changed { $0.type = .max }?.contains("unknown type 4294967295") == true)
    #expect(changed { $0.type = 8 }?.contains("cannot have the shape [2, 4] in Q8_0") == true)
    #expect(changed { $0.offset = 16 }?.contains("not a multiple of 32") == true)
    #expect(changed { $0.offset = 32 }?.contains("perhaps the file was cut off") == true)
    #expect(changed { $0.offset = .max - 31 }?.contains("perhaps the file was cut off") == true)
    let other = GGUFBuilder.Tensor("b", .f32, [8], Array(repeating: 0, count: 32), offset: 0)
    #expect(message(GGUFBuilder(tensors: [Self.tensor, other]))?.contains("on the bytes of another") == true)
    #expect(message(GGUFBuilder(tensors: [Self.tensor, Self.tensor]))?.contains("occurs twice") == true)
  }

  @Test func everyTruncationIsRefused() throws {
    let whole = try Fixture.data("qwen3.gguf")
    for length in stride(from: 0, to: whole.count - 31, by: 37) {
      #expect(Fixture.message { try GGUFFile(data: whole.prefix(length), name: "x") }?.contains("'x'") == true)
    }
  }

  @Test func modelsThatAreNotSupportedAreNamed() throws {
    func message(_ metadata: [(String, UInt32, [UInt8])]) -> String? {
      Fixture.message {
        try TransformerConfiguration(gguf: GGUFBuilder(metadata: metadata, tensors: [Self.tensor]).file())
      }
    }
    let architecture = { ("general.architecture", UInt32(8), GGUFBuilder.text($0)) }
    #expect(message([])?.contains("architecture 'unknown'") == true)
    #expect(
      message([architecture("mamba")])?.contains("architecture 'mamba'; supported are gemma3, llama, olmo2, phi3")
        == true)
    #expect(message([architecture("llama")])?.contains("lacks the metadata 'llama.embedding_length'") == true)
    let experts = ("llama.expert_count", UInt32(4), UInt32(8).littleEndianBytes)
    #expect(message([architecture("llama"), experts])?.contains("has 8 experts") == true)
    // What changes a model's numbers and is in no supported family is refused, whatever its type; a neutral value is not.
    let scale = { (value: Float) in ("llama.logit_scale", UInt32(6), value.bitPattern.littleEndianBytes) }
    #expect(message([architecture("llama"), scale(0.5)])?.contains("'llama.logit_scale' set") == true)
    #expect(message([architecture("llama"), scale(1)])?.contains("lacks the metadata") == true)
    let sections = UInt32(5).littleEndianBytes + UInt64(1).littleEndianBytes + UInt32(16).littleEndianBytes
    let rope = ("llama.rope.dimension_sections", UInt32(9), sections)
    #expect(message([architecture("llama"), rope])?.contains("'llama.rope.dimension_sections' set") == true)
    let parts = ("split.count", UInt32(2), UInt16(3).littleEndianBytes)
    #expect(message([architecture("llama"), parts])?.contains("one of 3 parts") == true)
  }
}
