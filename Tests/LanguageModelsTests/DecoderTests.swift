import Foundation
import MLX
import Testing
import Tokenization

@testable import LanguageModels
@testable import ModelFiles

struct DecoderTests {
  private static func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test("Logits equal those of transformers, token by token and whatever the cut", arguments: TinyTransformer.all)
  func logits(_ tiny: TinyTransformer) throws {
    for sharing in Decoder.Sharing.allCases {
      let decoder = try Decoder(tiny.checkpoint(), sharing: sharing)
      for index in 0..<2 {
        let (tokens, expected) = try tiny.row(index)
        let steps = try decoder.logits(tokens, cuts: Array(1..<tokens.count))
        for (logits, wanted) in zip(steps, expected) { #expect(Self.largestDifference(logits, wanted) < 1e-4) }
        for cuts in [[], [3], [1, 7]] {
          let last = try decoder.logits(tokens, cuts: cuts).last
          #expect(last?.map(\.bitPattern) == steps.last?.map(\.bitPattern))
        }
      }
    }
  }

  @Test("Blocks of eight-bit numbers give the bits of their values as floats, in less memory", arguments: [1, 5, 37])
  func blocks(_ count: Int) throws {
    let weights = TinyBlocks.weights()
    let packed = try Decoder(ModelCheckpoint(TinyBlocks.configuration, weights))
    let floats = try Decoder(ModelCheckpoint(TinyBlocks.configuration, TestWeights(floats: weights.floats)))
    let tokens = (0..<Int32(count)).map { $0 * 37 % 250 }
    let logits = try packed.logits(tokens, cuts: [])
    #expect(try floats.logits(tokens, cuts: []) == logits)
    #expect(packed.weightBytes * 2 < floats.weightBytes)
  }

  /// A weight of each form that files store in blocks: random bytes with scales of about a hundredth.
  private static func storedWeights(
    _ format: TensorFormat, _ configuration: TransformerConfiguration = wide, isNegative: Bool = false
  ) throws -> TestWeights {
    // Where the half-precision numbers of a block are; the power of two of MXFP4 is its first byte.
    let halves: [TensorFormat: [Int]] = [
      .q4_0: [0], .q4_1: [0, 2], .q5_0: [0], .q5_1: [0, 2], .q8_0: [0], .q2_K: [80, 82], .q3_K: [108], .q4_K: [0, 2],
      .q5_K: [0, 2], .q6_K: [208], .iq4_NL: [0], .iq4_XS: [0], .mxfp4: [],
    ]
    let places = try #require(halves[format])
    var state = UInt64(format.rawValue)
    func byte() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(state >> 56)
    }
    var weights = TestWeights(floats: [:])
    for (name, shape) in configuration.weightShapes {
      let count = shape.reduce(1, *)
      guard shape.count == 2 else {
        weights.floats[name] = (0..<count).map { _ in 0.5 + Float(byte()) / 256 }
        continue
      }
      var bytes: [UInt8] = []
      for _ in 0..<count / format.blockSize {
        var block = (0..<format.blockBytes).map { _ in byte() }
        for place in places { (block[place], block[place + 1]) = (byte(), isNegative ? 0x90 : 0x10) }
        if format == .mxfp4 { block[0] = 119 + byte() % 4 }
        bytes += block
      }
      let tensor = StoredTensor(format: format, shape: shape, bytes: 0..<bytes.count)
      weights.floats[name] = try tensor.values(in: Data(bytes), name: name)
      weights.blocks[name] = try tensor.blocks(in: Data(bytes), name: name)
    }
    return weights
  }

  @Test(
    "Sixteen bits for activations, keys and values change logits by something, and by little",
    arguments: TensorFormat.allCases.filter { $0.scaleSize != nil })
  func fast(_ format: TensorFormat) throws {
    let weights = try Self.storedWeights(format)
    let checkpoint = try ModelCheckpoint(Self.wide, weights)
    let tokens = (0..<Int32(7)).map { $0 * 11 % 40 }
    let exact = try Decoder(checkpoint).logits(tokens, cuts: [3])[1]
    let fast = try Decoder(checkpoint, precision: .fast).logits(tokens, cuts: [3])[1]
    let spread = (exact.max() ?? 0) - (exact.min() ?? 0)
    // A number is rounded by at most one part in 65,534 of the largest of its chunk.
    let difference = Self.largestDifference(fast, exact)
    #expect(difference > 0 && difference < 2e-4 * spread, "\(difference) of \(spread)")
  }

  @Test(
    "What is rounded has the same bits with all kernels, all tokens in one step or each in its own",
    arguments: TensorFormat.allCases.filter { $0.scaleSize != nil })
  func fastKernels(_ format: TensorFormat) throws {
    var configuration = Self.wide
    configuration.hidden = 768
    let checkpoint = try ModelCheckpoint(configuration, Self.storedWeights(format, configuration))
    let tokens = (0..<Int32(39)).map { $0 * 11 % 40 }
    func last(_ kernels: Decoder.Kernels, cuts: [Int]) throws -> [UInt32]? {
      try Decoder(checkpoint, precision: .fast, kernels: kernels).logits(tokens, cuts: cuts).last?.map(\.bitPattern)
    }
    let alone = try last(.portable, cuts: Array(1..<tokens.count))
    #expect(Set(alone ?? []).count > 10)
    // Three rows, and five, are more than one and too few for AMX.
    for kernels in Decoder.Kernels.allCases {
      for cuts in [[], [3, 8, 24], Array(1..<tokens.count)] {
        #expect(try last(kernels, cuts: cuts) == alone, "\(kernels), cut before \(cuts)")
      }
    }
  }

  @Test("An activation that is not a number stays one when activations are rounded")
  func fastDamage() throws {
    var weights = try Self.storedWeights(.q4_K)
    weights.floats["model.norm.weight"]?[9] = .infinity
    let decoder = try Decoder(ModelCheckpoint(Self.wide, weights), precision: .fast)
    #expect(try decoder.step([DecoderRun(cache: DecoderCache(decoder), tokens: [3], draws: true)])[0]?.token == -1)
  }

  @Test("Numbers of four bits are kept in four bits", arguments: [TensorFormat.q4_0, .q4_1, .q4_K])
  func nibbles(_ format: TensorFormat) throws {
    let weights = try Self.storedWeights(format)
    let numbers = weights.blocks.values.map(\.numbers.count).reduce(0, +)
    // Of the embedding, 40 outputs are three panels of 16. A block of 32 has a scale, and some an offset, of four bytes; of a
    // K-quant one byte, and four for 256 numbers.
    let padding = 8 * 256
    let scales = weights.blocks.values.first?.offsets.isEmpty == true ? 1 : 2
    let bytes = try Decoder(ModelCheckpoint(Self.wide, weights)).weightBytes
    let blocks = (numbers + padding) / 32
    let bytesOfScale = format == .q4_K ? blocks + blocks / 8 * 4 : blocks * 4
    #expect(bytes == (numbers + padding) / 2 + bytesOfScale * scales)
  }

  /// A unit below zero makes +128 of the step -128, which no byte holds.
  @Test("Scales of Q6_K are kept as steps of a byte, whatever their sign", arguments: [false, true])
  func signs(_ isNegative: Bool) throws {
    let weights = try Self.storedWeights(.q6_K, isNegative: isNegative)
    let numbers = weights.blocks.values.map(\.numbers.count).reduce(0, +) + 8 * 256
    let decoder = try Decoder(ModelCheckpoint(Self.wide, weights))
    #expect(decoder.weightBytes == numbers + numbers / 16 + numbers / 256 * 4)
    let floats = try Decoder(ModelCheckpoint(Self.wide, TestWeights(floats: weights.floats)))
    #expect(try decoder.logits([1, 2, 3], cuts: []) == floats.logits([1, 2, 3], cuts: []))
  }

  /// Rows of 256 numbers, the largest block.
  private static let wide = TransformerConfiguration(
    family: .llama, vocabulary: 40, width: 256, layers: 1, heads: 16, keyValueHeads: 8, headWidth: 16, hidden: 256,
    context: 64, rotary: .init(base: 100))

  @Test(
    "Products with every form of block give the bits of products with its values",
    arguments: TensorFormat.allCases.filter { $0.scaleSize != nil })
  func storedBlocks(_ format: TensorFormat) throws {
    let weights = try Self.storedWeights(format)
    #expect(weights.blocks.count == 8)
    let tokens = (0..<Int32(7)).map { $0 * 11 % 40 }
    for cuts in [[], [1, 2, 3, 4, 5, 6]] {
      let packed = try Decoder(ModelCheckpoint(Self.wide, weights)).logits(tokens, cuts: cuts)
      let floats = try Decoder(ModelCheckpoint(Self.wide, TestWeights(floats: weights.floats))).logits(
        tokens, cuts: cuts)
      #expect(packed.map { $0.map(\.bitPattern) } == floats.map { $0.map(\.bitPattern) })
      #expect(Set(packed.last ?? []).count > 10)
    }
  }

  @Test("The decoder computes what the training graph computes, windows and blocks included")
  func training() throws {
    let weights = TinyBlocks.weights()
    let parameters = Parameters(
      try TinyBlocks.configuration.weightShapes.map { ($0.name, try MLXArray(weights.values($0.name), $0.shape)) })
    let model = try Transformer(TinyBlocks.configuration, trained: Parameters(), frozen: parameters)
    let tokens = (0..<Int32(50)).map { $0 * 37 % 250 }
    let expected = try model.logits(MLXArray(tokens, [1, 50]), Parameters())[0, 49].asArray(Float.self)
    let decoder = try Decoder(ModelCheckpoint(TinyBlocks.configuration, weights))
    let logits = try decoder.logits(tokens, cuts: [20])[1]
    #expect(Self.largestDifference(logits, expected) < 1e-4)
    #expect((logits.max() ?? 0) > 1)
  }

  @Test("Values that all are bfloat16 numbers are kept in half the memory, and give what floats give")
  func bfloats() throws {
    let tiny = TinyTransformer.all[1]
    var halves = try tiny.weights()
    for (name, values) in halves.floats {
      halves.floats[name] = values.map { Float(bitPattern: $0.bitPattern & 0xffff_0000) }
    }
    // One number that no bfloat16 can be makes a matrix of floats; it is too small to be seen in the result.
    var floats = halves
    for (name, shape) in tiny.configuration.weightShapes where shape.count == 2 {
      floats.floats[name]?[0] += 1e-6
    }
    let (small, large) = try (
      Decoder(ModelCheckpoint(tiny.configuration, halves)), Decoder(ModelCheckpoint(tiny.configuration, floats))
    )
    #expect(small.weightBytes * 2 == large.weightBytes)
    let tokens = try tiny.row(0).tokens
    for cuts in [[], Array(1..<tokens.count)] {
      let (a, b) = try (small.logits(tokens, cuts: cuts), large.logits(tokens, cuts: cuts))
      #expect(Self.largestDifference(a[a.count - 1], b[b.count - 1]) < 1e-4)
    }
  }

  @Test(
    "An adapter adds scale * B (A x), as merged weights do",
    arguments: [TinyTransformer.all[0], TinyTransformer.all[3]])
  func adapter(_ tiny: TinyTransformer) throws {
    let (rank, alpha) = (3, Float(6))
    var matrices: [String: Adapter.Factors] = [:]
    var merged = try tiny.weights()
    for (name, shape) in tiny.configuration.weightShapes where name.contains("_proj.weight") {
      let a = (0..<rank * shape[1]).map { Float($0 % 7 - 3) * 0.05 }
      let b = (0..<shape[0] * rank).map { Float($0 % 5 - 2) * 0.05 }
      matrices[String(name.dropLast(".weight".count))] = .init(
        a: Weight(shape: [rank, shape[1]], values: a), b: Weight(shape: [shape[0], rank], values: b))
      for row in 0..<shape[0] {
        for column in 0..<shape[1] {
          let change = (0..<rank).reduce(Float(0)) { $0 + b[row * rank + $1] * a[$1 * shape[1] + column] }
          merged.floats[name]?[row * shape[1] + column] += alpha / Float(rank) * change
        }
      }
    }
    let adapter = Adapter(rank: rank, alpha: alpha, matrices: matrices)
    let tokens = try tiny.row(0).tokens
    let plain = try Decoder(tiny.checkpoint()).logits(tokens, cuts: [])[0]
    let adapted = try Decoder(tiny.checkpoint(adapter: adapter)).logits(tokens, cuts: [])[0]
    let expected = try Decoder(ModelCheckpoint(tiny.configuration, merged)).logits(tokens, cuts: [])[0]
    #expect(Self.largestDifference(adapted, expected) < 1e-4)
    #expect(Self.largestDifference(adapted, plain) > 1e-2)
    let single = try Decoder(tiny.checkpoint(adapter: adapter)).logits(tokens, cuts: Array(1..<tokens.count))
    #expect(single.last == adapted)
  }

  @Test("An adapter of the embedding, a missing weight and one of another size are errors that name them")
  func errors() throws {
    let tiny = TinyTransformer.all[1]
    var lacking = try tiny.weights()
    lacking.floats["model.layers.1.mlp.up_proj.weight"] = nil
    var short = try tiny.weights()
    short.floats["model.norm.weight"] = [1, 2, 3]
    let vocabulary = tiny.configuration.vocabulary
    let factors = Adapter.Factors(
      a: Weight(shape: [1, 32], values: .init(repeating: 0, count: 32)),
      b: Weight(shape: [vocabulary, 1], values: .init(repeating: 0, count: vocabulary)))
    let adapter = Adapter(rank: 1, alpha: 1, matrices: ["model.embed_tokens": factors])
    let cases = try [
      (ModelCheckpoint(tiny.configuration, lacking), "up_proj"), (ModelCheckpoint(tiny.configuration, short), "norm"),
      (tiny.checkpoint(adapter: adapter), "embed_tokens"),
    ]
    for (checkpoint, name) in cases {
      let error = #expect(throws: ModelError.self) { try Decoder(checkpoint) }
      #expect(error?.description.contains(name) == true)
    }
  }

  @Test(
    "Weights that are not numbers draw no token, in whatever matrix they are",
    arguments: ["q_proj", "down_proj", "embed"])
  func damage(_ part: String) throws {
    let tiny = TinyTransformer.all[1]
    var weights = try tiny.weights()
    for name in weights.floats.keys where name.contains(part) {
      weights.floats[name] = weights.floats[name]?.map { _ in .nan }
    }
    let decoder = try Decoder(ModelCheckpoint(tiny.configuration, weights))
    for sampling in [SamplingOptions(), .init(temperature: 0), .init(topK: 3)] {
      let run = DecoderRun(cache: DecoderCache(decoder), tokens: [3, 4, 5], draws: true, sampling: sampling)
      #expect(try decoder.step([run])[0]?.token == -1)
      let error = #expect(throws: ModelError.self) { try decoder.logits([3, 4, 5], DecoderCache(decoder)) }
      #expect(error?.description.contains("not finite") == true)
    }
    let error = #expect(throws: ModelError.self) { try decoder.logProbabilities([(DecoderCache(decoder), [3, 4, 5])]) }
    #expect(error?.description.contains("not finite") == true)
  }
}
