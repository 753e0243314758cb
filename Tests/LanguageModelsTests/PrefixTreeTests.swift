import Testing

@testable import LanguageModels

/// What prompts have in common is read once, and changes nothing.
struct PrefixTreeTests {
  private typealias Engine = SamplingEngineTests

  /// Prompts of 70 tokens, of which the first 50 are the same; every third prompt occurs twice.
  private static let plans: [Engine.Plan] = (0..<12).map { index in
    Engine.Plan(
      prompt: TinyModel.tokens(50) + TinyModel.tokens(20, from: 100 + index / 3 * 3 + index % 3 % 2),
      seed: UInt64(index))
  }

  private static func rollouts(
    _ plans: [Engine.Plan] = plans, on engine: SamplingEngine
  ) async throws -> [Engine.Rollout] {
    try await withThrowingTaskGroup(of: (Int, Engine.Rollout).self) { group in
      for (index, plan) in plans.enumerated() {
        group.addTask { (index, try await Engine.play(plan, on: engine)) }
      }
      return try await group.reduce(into: [Int: Engine.Rollout]()) { $0[$1.0] = $1.1 }.sorted { $0.key < $1.key }
        .map(\.value)
    }
  }

  @Test("A common beginning is read once, to the page; a prompt that was read before is not read again")
  func countedByHand() async throws {
    let engine = try SamplingEngine(TinyModel.checkpoint(), options: .init(threads: 1))
    let first = try await Self.rollouts(on: engine)
    let drawn = first.map(\.drawn.count).reduce(0, +)
    let different = Set(Self.plans.map(\.prompt)).count
    #expect(different == 8)
    // 69 tokens of one prompt; of each other the 21 behind the 48 that fill three pages. Every row reads its prompt's last
    // token, and all it draws but for the last token.
    let statistics = await engine.statistics
    #expect(statistics.readTokens == 69 + 21 * (different - 1) + drawn)
    #expect(statistics.promptTokens == 70 * Self.plans.count && statistics.drawnTokens == drawn)
    #expect(try await Self.rollouts(on: engine) == first)
    #expect(await engine.statistics.readTokens == statistics.readTokens + drawn)
  }

  @Test("Not one bit depends on what was kept", arguments: [0, 1, 20_000, 1 << 30])
  func equalWithoutIt(cacheBytes: Int) async throws {
    var alone: [Engine.Rollout] = []
    for plan in Self.plans {
      alone.append(try await Engine.play(plan, on: SamplingEngine(TinyModel.checkpoint(), options: .init(threads: 1))))
    }
    let engine = try SamplingEngine(
      TinyModel.checkpoint(), options: .init(rows: 5, tokensPerStep: 11, threads: 1, cacheBytes: cacheBytes))
    for _ in 0..<2 { #expect(try await Self.rollouts(on: engine) == alone) }
    // Without open rows, no more is kept than was allowed.
    #expect(await engine.cacheBytes <= cacheBytes)
  }

  /// Two prompts of 20 tokens with two samples each, which are given 30 tokens before they write.
  private static let shown: [Engine.Plan] = (0..<4).map { index in
    Engine.Plan(
      prompt: TinyModel.tokens(20, from: index / 2), seed: UInt64(index),
      injections: [TinyModel.tokens(30, from: 60), [5]])
  }

  @Test("What a row is given before it writes is read once for all that begin with it")
  func givenBeforeTheFirstToken() async throws {
    var alone: [Engine.Rollout] = []
    for plan in Self.shown {
      alone.append(try await Engine.play(plan, on: SamplingEngine(TinyModel.checkpoint(), options: .init(threads: 1))))
    }
    let engine = try SamplingEngine(TinyModel.checkpoint(), options: .init(threads: 1))
    let together = try await Self.rollouts(Self.shown, on: engine)
    #expect(together == alone)
    // Of each prompt 49 of the 50 tokens before the first drawn one, once; each row reads the last of them, what it draws but
    // for the last token, and the token that it is given in between.
    let statistics = await engine.statistics
    #expect(statistics.readTokens == 2 * 49 + together.map { $0.drawn.count + 1 }.reduce(0, +))
    #expect(statistics.promptTokens == 20 * Self.shown.count)
  }

  @Test("A conversation goes on where the closed row ended")
  func theNextTurn() async throws {
    let engine = try SamplingEngine(TinyModel.checkpoint(), options: .init(threads: 1))
    let first = try await Engine.play(.init(prompt: TinyModel.tokens(40), seed: 1), on: engine)
    let next = Engine.Plan(prompt: first.tokens + TinyModel.tokens(8), seed: 2)
    let before = await engine.statistics.readTokens
    let second = try await Engine.play(next, on: engine)
    let read = await engine.statistics.readTokens - before
    // The row had read all but the last token that it drew: 48 of 48 here, three pages.
    #expect(first.tokens.count == 49 && read == (next.prompt.count - 48) + second.drawn.count - 1)
    let alone = try await Engine.play(next, on: SamplingEngine(TinyModel.checkpoint(), options: .init(threads: 1)))
    #expect(second == alone)
  }

  @Test("A prompt whose beginning another one was to read does not wait for a cancelled row")
  func theReaderIsCancelled() async throws {
    let engine = try SamplingEngine(TinyModel.checkpoint(), options: .init(tokensPerStep: 1, threads: 1))
    let reader = Task { try await Engine.play(Self.plans[0], on: engine) }
    let dependent = Task { try await Engine.play(Self.plans[3], on: engine) }
    while await engine.statistics.readTokens < 5 { await Task.yield() }
    reader.cancel()
    let rollout = try await dependent.value
    let alone = try await Engine.play(
      Self.plans[3], on: SamplingEngine(TinyModel.checkpoint(), options: .init(threads: 1)))
    #expect(rollout == alone)
  }

  @Test("The text that was used longest ago is forgotten first")
  func order() throws {
    let decoder = try Decoder(TinyModel.checkpoint(), threads: 1)
    let tree = PrefixTree()
    func read(_ tokens: [Int32]) throws -> SharedPrefix {
      let text = tree.take(tokens) { DecoderCache(decoder) }
      let rest = Array(tokens[text.cache.length...])
      if !rest.isEmpty { _ = try decoder.step([DecoderRun(cache: text.cache, tokens: rest, draws: false)]) }
      return text
    }
    let prompts = (0..<3).map { TinyModel.tokens(32, from: 50 * $0) }
    for prompt in prompts { tree.release(try read(prompt)) }
    tree.release(try read(prompts[0]))
    let three = decoder.cacheBytes
    tree.forget { decoder.cacheBytes < three }
    let taken = prompts.map { tree.take($0) { DecoderCache(decoder) }.cache.length }
    #expect(taken == [32, 0, 32])
  }
}
