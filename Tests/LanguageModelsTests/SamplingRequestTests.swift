import ModelFiles
import Testing
import Tokenization

@testable import LanguageModels

struct SamplingRequestTests {
  @Test("A full context stops the row, and a prompt that does not fit is refused")
  func context() async throws {
    let engine = try SamplingEngine(TinyModel.checkpoint(context: 20))
    let row = try await engine.open(prompt: TinyModel.tokens(12), seed: 3)
    let text = try await engine.generate(row, maxTokens: 100)
    #expect(text.stop == .endOfTurn || (text.stop == .contextFull && text.tokens.count == 9))
    let full = try await engine.generate(row, injecting: TinyModel.tokens(30), maxTokens: 5)
    #expect(full.stop == .contextFull && full.tokens.isEmpty)
    await #expect(throws: ModelError.self) { try await engine.open(prompt: TinyModel.tokens(20), seed: 0) }
    await #expect(throws: ModelError.self) { try await engine.open(prompt: [], seed: 0) }
    await #expect(throws: ModelError.self) { try await engine.open(prompt: [99_999], seed: 0).drawn(by: engine) }
  }

  @Test("A stop string ends the text wherever its bytes come from; what stands behind the first one is counted")
  func stopStrings() {
    var scanner = StopScanner(["</bash>", "end", ""])
    let found = ["ls </ba", "sh", ">", "a", "rend.", "endend", "", "</bash></bash>\n"].map {
      scanner.append(Array($0.utf8))
    }
    #expect(found == [nil, nil, 0, nil, 1, 3, nil, 8])
    var none = StopScanner([])
    let nothing = none.append(Array("anything".utf8))
    #expect(nothing == nil)
    // Half of it was there before; a whole one that was there before is none.
    var continued = StopScanner(["</bash>"], after: Array("x</bash></ba".utf8))
    let ends = ["sh", ">>"].map { continued.append(Array($0.utf8)) }
    #expect(ends == [nil, 1])
  }

  @Test("A drawn token can be read as others, before it has been read; the context then holds those")
  func replaced() async throws {
    let engine = try SamplingEngine(TinyModel.checkpoint())
    let (prompt, others, injected) = (TinyModel.tokens(4), TinyModel.tokens(2, from: 9), TinyModel.tokens(3))
    let row = try await engine.open(prompt: prompt, seed: 6)
    await #expect(throws: ModelError.self) { try await engine.generate(row, replacingLast: others, maxTokens: 1) }
    let first = try await engine.generate(row, maxTokens: 3)
    let second = try await engine.generate(row, replacingLast: others, injecting: injected, maxTokens: 5)
    let context = prompt + first.tokens.dropLast() + others + injected
    let plain = try await engine.open(prompt: context, seed: 6)
    #expect(try await engine.generate(plain, maxTokens: 5) == second)
  }

  @Test("The engine stops at a stop string and at the end of the turn, and records the token")
  func stops() async throws {
    let engine = try SamplingEngine(TinyModel.checkpoint(context: 2_000))
    var stops: [SamplingStop: SampledText] = [:]
    for seed in 0..<60 {
      let row = try await engine.open(prompt: TinyModel.tokens(3), seed: UInt64(seed))
      let text = try await engine.generate(row, stops: ["garden", "</bash>"], maxTokens: 80)
      stops[text.stop] = text
      await engine.close(row)
    }
    let stopped = try #require(stops[.stopString])
    let end = TinyModel.tokenizer.decode(stopped.tokens)
    #expect(end.hasSuffix("garden") || end.hasSuffix("</bash>"))
    #expect(stops[.endOfTurn]?.tokens.last == TinyModel.tokenizer.endOfTurn)
    #expect(stopped.tokens.count == stopped.logProbabilities.count)
  }

  @Test("Places are bounded: the next row moves in when one is closed")
  func places() async throws {
    let engine = try SamplingEngine(TinyModel.checkpoint(), options: .init(rows: 2))
    let lengths = try await withThrowingTaskGroup(of: Int.self) { group in
      for seed in 0..<12 {
        group.addTask {
          let row = try await engine.open(prompt: TinyModel.tokens(4), seed: UInt64(seed))
          defer { Task { await engine.close(row) } }
          return try await engine.generate(row, maxTokens: 5).tokens.count
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(lengths.count == 12)
    #expect(await engine.statistics.mostRows <= 2)
  }

  @Test("Cancelling a task frees its row, whether it is writing or waiting for a place")
  func cancellation() async throws {
    let engine = try SamplingEngine(TinyModel.checkpoint(context: 60_000), options: .init(rows: 1))
    let started = AsyncStream.makeStream(of: Void.self)
    let writing = Task {
      let row = try await engine.open(prompt: TinyModel.tokens(4), seed: 1)
      started.continuation.finish()
      while true { _ = try await engine.generate(row, maxTokens: 50_000) }
    }
    for await _ in started.stream {}
    let waiting = Task { try await engine.open(prompt: TinyModel.tokens(4), seed: 2) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    writing.cancel()
    await #expect(throws: (any Error).self) { try await writing.value }
    let next = try await engine.open(prompt: TinyModel.tokens(4), seed: 3)
    #expect(try await !engine.generate(next, maxTokens: 3).tokens.isEmpty)
  }

  @Test("A row that is closed, or writing already, is refused")
  func misuse() async throws {
    let engine = try SamplingEngine(TinyModel.checkpoint())
    let row = try await engine.open(prompt: TinyModel.tokens(4), seed: 1)
    await engine.close(row)
    await engine.close(row)
    await #expect(throws: ModelError.self) { try await engine.generate(row, maxTokens: 1) }
  }

  @Test("Weights that give no finite number fail the request, not the process")
  func damagedWeights() async throws {
    let checkpoint = try TinyModel.checkpoint()
    var weights = checkpoint.weights
    let norm = try #require(weights["norm"])
    weights["norm"] = .init(shape: norm.shape, values: norm.values.map { _ in 3e38 })
    let damaged = try ModelCheckpoint(
      configuration: TinyModel.configuration(), tokenizer: TinyModel.tokenizer, lineage: checkpoint.lineage,
      weights: weights)
    let engine = try SamplingEngine(damaged)
    let row = try await engine.open(prompt: TinyModel.tokens(4), seed: 1)
    await #expect(throws: ModelError.self) { try await engine.generate(row, maxTokens: 4) }
  }
}

extension SamplingRequestTests {
  @Test("A row that gives no finite number fails alone, also where others share its prompt later")
  func oneDamagedRow() async throws {
    let tiny = try #require(TinyTransformer.all.first { !$0.configuration.tiedEmbeddings })
    let (bad, width) = (Int32(7), tiny.configuration.width)
    var weights = try tiny.weights()
    weights.floats["model.embed_tokens.weight"]?.replaceSubrange(
      Int(bad) * width..<(Int(bad) + 1) * width, with: repeatElement(.nan, count: width))
    let engine = try SamplingEngine(ModelCheckpoint(tiny.configuration, weights), options: .init(threads: 1))
    let prompt = (0..<40).map { Int32(10 + $0 % 30) }
    for _ in 0..<2 {
      let outcomes = try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
        for seed in 0..<6 {
          group.addTask {
            let row = try await engine.open(prompt: prompt + [seed == 3 ? bad : 9], seed: UInt64(seed))
            let text = try? await engine.generate(row, maxTokens: 4)
            await engine.close(row)
            return (seed, text != nil)
          }
        }
        return try await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
      }
      #expect(outcomes == [0: true, 1: true, 2: true, 3: false, 4: true, 5: true])
    }
  }
}

extension SamplingEngine.RowID {
  fileprivate func drawn(by engine: SamplingEngine) async throws -> SampledText {
    try await engine.generate(self, maxTokens: 1)
  }
}
