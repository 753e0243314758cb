import Foundation
import ModelFiles
import Testing

struct GGUFFileTests {
  @Test func readsEveryTypeOfMetadata() throws {
    let file = try GGUFFile(contentsOf: Fixture.url("formats.gguf"))
    for width in [8, 16, 32, 64] {
      let largest: GGUFValue = width == 64 ? .large(.max) : .integer(1 << width - 1)
      #expect(file.metadata["test.uint\(width)"] == largest)
      #expect(try file.integer("test.int\(width)") == (width == 64 ? Int.min : -(1 << (width - 1))))
    }
    #expect(try file.number("test.float32") == Double(Float(0.1)))
    #expect(try file.number("test.float64") == 0.1)
    #expect(try file.flag("test.bool") == true)
    #expect(try file.string("test.string") == "naïve 🙂")
    #expect(try file.strings("test.strings") == ["", "a", "▁b", "🙂"])
    #expect(try file.integers("test.integers") == [1, -2, 3])
    #expect(try file.floats("test.floats") == [0.5, -0.25])
    #expect(try file.integers("test.bools") == [1, 0, 1])
    #expect(try file.string("absent") == nil)
    #expect(Fixture.message { try file.string("test.bool") }?.contains("'test.bool' that is not text") == true)
    #expect(Fixture.message { try file.integer("test.integers") }?.contains("different") == true)
  }

  @Test(arguments: TensorFormat.allCases)
  func valuesAreThoseOfThePythonPackage(format: TensorFormat) throws {
    let file = try GGUFFile(contentsOf: Fixture.url("formats.gguf"))
    let expected = try #require(try Fixture.expected("formats.gguf")[format.name])
    let tensor = try #require(file.tensors[format.name])
    #expect(tensor.shape == expected.shape)
    let values = try tensor.values(in: file.data, name: format.name)
    #expect(values.prefix(2).map(Double.init) == expected.first)
    #expect(crc32(values) == expected.crc)
    let blocks = try tensor.blocks(in: file.data, name: format.name)
    #expect((blocks == nil) == [TensorFormat.f32, .f16, .bf16].contains(format))
    if let blocks { #expect(crc32(blocks.values) == expected.crc) }
  }

  @Test func halvesOfEveryBitPattern() throws {
    // 1 + 65536 numbers: all halves but the infinite ones and those that are no number.
    let patterns = (UInt16.min...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 }
    let file = try GGUFBuilder(tensors: [.init("t", .f16, [patterns.count], patterns.flatMap(\.littleEndianBytes))])
      .file()
    let values = try #require(file.tensors["t"]).values(in: file.data, name: "t")
    #expect(zip(patterns, values).allSatisfy { pattern, value in value.bitPattern == half(pattern).bitPattern })
  }

  /// IEEE 754's definition.
  private func half(_ bits: UInt16) -> Float {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023) / 1024)
    let magnitude =
      exponent == 0 ? fraction * 0x1p-14 : (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    return bits >> 15 == 1 ? -magnitude : magnitude
  }

  @Test(arguments: [TensorFormat.f16, .q8_0, .q4_K, .f32, .bf16, .q4_1, .q2_K, .q3_K, .iq4_XS, .mxfp4])
  func numbersThatAreNotFiniteAreRefused(format: TensorFormat) throws {
    let bytes = [UInt8](repeating: 0xFF, count: format.blockBytes)
    let file = try GGUFBuilder(tensors: [.init("t", format, [format.blockSize], bytes)]).file()
    let tensor = try #require(file.tensors["t"])
    let complaint = "The weight 't' holds numbers that are not finite."
    #expect(Fixture.message { try tensor.values(in: file.data, name: "t") } == complaint)
    if format.blockSize > 1 { #expect(Fixture.message { try tensor.blocks(in: file.data, name: "t") } == complaint) }
  }
}
