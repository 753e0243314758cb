import ModelFiles
import Testing

@testable import LanguageModels

struct DecoderBatchTests {
  private static let prompt = (0..<Int32(100)).map { $0 * 91 % 250 }

  private static func own(_ index: Int) -> [Int32] { (0...Int32(index % 24)).map { ($0 + Int32(index)) * 53 % 250 } }

  /// Rows that begin alike: 100 tokens that all share, up to 24 of their own, then eight draws.
  private static func rollouts(_ indices: Range<Int>, decoder: Decoder, piece: Int) throws -> [[Draw]] {
    let prefix = DecoderCache(decoder)
    for start in stride(from: 0, to: prompt.count, by: piece) {
      let tokens = Array(prompt[start..<min(prompt.count, start + piece)])
      _ = try decoder.step([DecoderRun(cache: prefix, tokens: tokens, draws: false)])
    }
    var runs = indices.map { index in
      DecoderRun(
        cache: prefix.fork(), tokens: own(index), draws: true,
        sampling: options[index % options.count], seed: UInt64(index))
    }
    var draws = [[Draw]](repeating: [], count: runs.count)
    for _ in 0..<8 {
      for (index, draw) in try decoder.step(runs).enumerated() {
        guard let draw else { continue }
        draws[index].append(draw)
        runs[index].tokens = [draw.token]
      }
    }
    return draws
  }

  private static let options: [SamplingOptions] = [
    .init(), .init(temperature: 0.7), .init(temperature: 0), .init(topK: 20), .init(topP: 0.8), .init(minP: 0.05),
  ]

  @Test(
    "Not one bit depends on the other rows, the threads, how they share, the kernels or the cut",
    arguments: SamplingPrecision.allCases)
  func invariance(precision: SamplingPrecision) throws {
    let checkpoint = try ModelCheckpoint(TinyBlocks.configuration, TinyBlocks.weights())
    let together = try Self.rollouts(
      0..<64, decoder: Decoder(checkpoint, threads: 2, precision: precision, sharing: .outputs), piece: 100)
    #expect(Set(together.map { $0.map(\.token) }).count > 40)
    for sharing in [Decoder.Sharing.rows, .outputs] {
      for (threads, piece) in [(1, 100), (3, 7), (2, 33)] {
        let decoder = try Decoder(checkpoint, threads: threads, precision: precision, sharing: sharing)
        #expect(try Self.rollouts(0..<64, decoder: decoder, piece: piece) == together)
        #expect(try Self.rollouts(17..<18, decoder: decoder, piece: piece) == [together[17]])
        #expect(try Self.rollouts(40..<49, decoder: decoder, piece: piece) == Array(together[40..<49]))
      }
    }
    for kernels in Decoder.Kernels.allCases {
      #expect(
        try Self.rollouts(0..<9, decoder: Decoder(checkpoint, precision: precision, kernels: kernels), piece: 50)
          == Array(together[..<9]))
    }
  }

  @Test(
    "A text that is read is scored as its drawing was recorded, bit for bit, in one step with others",
    arguments: SamplingPrecision.allCases)
  func scores(precision: SamplingPrecision) throws {
    let checkpoint = try ModelCheckpoint(TinyBlocks.configuration, TinyBlocks.weights())
    for kernels in Decoder.Kernels.allCases {
      let decoder = try Decoder(checkpoint, threads: 2, precision: precision, kernels: kernels)
      let draws = try Self.rollouts(0..<13, decoder: decoder, piece: 100)
      // At temperature 0 the recorded probability is that at temperature 1.
      let recorded = draws.indices.filter {
        [.init(), .init(temperature: 0)].contains(Self.options[$0 % Self.options.count])
      }
      let read = recorded.map { index in
        let drawn: [Int32] = draws[index].map { $0.token }
        return Self.prompt + Self.own(index) + drawn
      }
      let scores = try decoder.logProbabilities(read.map { (DecoderCache(decoder), $0) })
      #expect(recorded.count == 5 && scores.map { $0.count } == read.map { $0.count - 1 })
      for (scores, index) in zip(scores, recorded) {
        #expect(Array(scores.suffix(8)) == draws[index].map { $0.logProbability })
      }
    }
  }

  @Test("A fork goes on from its original and leaves it as it was")
  func forks() throws {
    let decoder = try Decoder(ModelCheckpoint(TinyBlocks.configuration, TinyBlocks.weights()))
    let prefix = DecoderCache(decoder)
    _ = try decoder.step([DecoderRun(cache: prefix, tokens: (0..<40).map { Int32($0) }, draws: false)])
    let fork = prefix.fork()
    _ = try decoder.step([DecoderRun(cache: fork, tokens: [1, 2, 3], draws: false)])
    #expect(prefix.length == 40)
    #expect(fork.length == 43)
    // The fork wrote into its own copy of the last page.
    let again = try decoder.logits([7], prefix.fork())
    let alone = try decoder.logits((0..<40).map { Int32($0) } + [7], DecoderCache(decoder))
    #expect(again == alone)
  }
}
