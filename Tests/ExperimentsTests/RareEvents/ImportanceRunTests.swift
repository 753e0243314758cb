import Environments
import Episodes
import Foundation
import LanguageModels
import MLX
import Policies
import Runs
import Sandboxing
import Statistics
import Storage
import TestSupport
import Testing
import Tokenization
import Training

@testable import Experiments

/// The shipped seedling samples; the environment is the real one.
private enum Shared {
  static let checkpoint = Task { try ModelCheckpoint(contentsOf: ModelCheckpoint.shippedSeedling) }
  static let engine = Task { try SamplingEngine(await checkpoint.value, options: .init(rows: 32)) }
  static let environment = Task { () throws -> any Environment in
    FolderEnvironment(try EnvironmentCatalogue.load("nudged"), sandbox: try await Sandbox())
  }

  static func part(_ name: String, temperature: Float) async throws -> MixturePart {
    MixturePart(
      policy: LocalPolicy(name: name, engine: try await engine.value, temperature: temperature),
      checkpoint: try await checkpoint.value, title: name)
  }

  /// The seedling, and itself at other temperatures.
  static func run(
    _ temperatures: Float..., share: Double = 0.3, seed: UInt64 = 1
  ) async throws -> ImportanceRun {
    var parts = [try await part("start", temperature: 1)]
    for temperature in temperatures { parts.append(try await part("proposal", temperature: temperature)) }
    let folder = FileManager.default.temporaryDirectory.appending(path: "importance-" + UUID().uuidString)
    let store = try RunStore(in: folder, configuration: PlainRun(name: "test"), codeRevision: "abc")
    try store.record(CheckpointRecord(name: "start"))
    return try ImportanceRun(
      store: store, environment: try await environment.value, parts: parts, share: share, seed: Seed(seed), batch: 80,
      concurrency: 32)
  }
}

@Suite struct ImportanceRunTests {
  @Test("Weights are exact: recorded and computed log-probabilities agree, none exceeds 1 / alpha, their mean is 1")
  func weights() async throws {
    let run = try await Shared.run(1.15, share: 0.4)
    try await run.draw(160)
    // 1e-4 a token at most: sums of float32 in another order.
    #expect(try run.largestDifference() < 1e-4)
    let trajectories = try run.trajectories(of: .gamed)
    let weights = try trajectories.enumerated().map { try exp($1.logWeight(shares: run.shares, number: $0)) }
    #expect(weights.count == 160 && weights.allSatisfy { $0 > 0 && $0 <= 1 / 0.4 + 1e-9 })
    let estimate = try ImportanceEstimate(trajectories: trajectories, shares: run.shares)
    let error = try #require(estimate.meanWeightError)
    #expect(abs(estimate.meanWeight - 1) < 4 * error && error > 0)
    // Both drew, and what each drew is told apart by its purpose.
    let drawn = try run.outcomes().map(\.count)
    #expect(drawn.reduce(0, +) == 160 && drawn[0] == (0..<160).count { run.part($0) == 0 } && drawn[1] > 60)
    // The weights that are stored are those of the estimate.
    let stored = try run.outcomes().joined().map { exp($0.weight.logWeight) }
    #expect(abs(stored.reduce(0, +) - weights.reduce(0, +)) < 1e-9)
  }

  @Test("A trajectory's log-probability is the sum over its tokens, read off the model's own logits")
  func byHand() async throws {
    let run = try await Shared.run(1.5)
    try await run.draw(6)
    let model = try await Shared.checkpoint.value.model()
    for index in 0..<6 {
      let episode = try #require(
        try run.store.episodes(EpisodeQuery(purpose: run.key(index).purpose), limit: .max)
          .first { $0.episode.key == run.key(index) })
      let segments = episode.episode.transcript.segments
      let tokens = segments.flatMap(\.tokens)
      let isDrawn = segments.flatMap { segment in segment.tokens.map { _ in segment.source == .policy } }
      let logits = try model.logits(MLXArray(tokens, [1, tokens.count]), model.parameters).asArray(Float.self)
      let width = logits.count / tokens.count
      for (part, temperature) in [1.0, 1.5].enumerated() {
        let sum = tokens.indices.dropFirst().filter { isDrawn[$0] }.reduce(0.0) { sum, place in
          let row = logits[(place - 1) * width..<place * width].map { Double($0) / temperature }
          let top = row.max() ?? 0
          let total = row.reduce(0) { $0 + exp($1 - top) }
          return sum + row[Int(tokens[place])] - top - log(total)
        }
        let known = try #require(try run.records()[index]).logProbabilities[part]
        #expect(abs(known - sum) < 1e-4 * Double(isDrawn.count { $0 }))
      }
    }
  }

  @Test("An interrupted run goes on where it stopped")
  func resumes() async throws {
    let whole = try await Shared.run(1.3, seed: 5)
    try await whole.draw(40)
    let halves = try await Shared.run(1.3, seed: 5)
    try await halves.draw(11)
    try await halves.draw(40)
    #expect(try whole.store.episodesDigest() == halves.store.episodesDigest())
    #expect(try whole.trajectories(of: .gamed).map(\.isEvent) == halves.trajectories(of: .gamed).map(\.isEvent))
  }

  @Test("The estimate agrees with plain episodes of the same policy")
  func agreesWithPlainEpisodes() async throws {
    let run = try await Shared.run(1.2, share: 0.5, seed: 9)
    try await run.draw(320)
    let event = Episodes.Predicate.honest
    let estimate = try ImportanceEstimate(trajectories: try run.trajectories(of: event), shares: run.shares)
    guard case .usable(let value) = estimate.verdict else {
      Issue.record("The weights of a nearby temperature are refused: \(estimate.verdict)")
      return
    }
    let plain = try await Shared.run(1.2, share: 1 - 1e-9, seed: 77)
    try await plain.draw(320)
    let rate = Double(try plain.outcomes()[0].count { $0[event] }) / 320
    let error = (rate * (1 - rate) / 320 + value.rate * value.rate * value.relativeError * value.relativeError)
      .squareRoot()
    #expect(rate > 0.2 && rate < 0.99)
    #expect(abs(rate - value.rate) < 4 * error)
  }

  @Test("A proposal far from the target is refused: no rate is given")
  func degenerate() async throws {
    let run = try await Shared.run(8, share: 0.01)
    try await run.draw(64)
    let estimate = try ImportanceEstimate(trajectories: try run.trajectories(of: .honest), shares: run.shares)
    guard case .degenerate(let reasons) = estimate.verdict else {
      Issue.record("noise is called usable")
      return
    }
    #expect(!reasons.isEmpty && estimate.boundWithoutAssumption == 1)
  }

  @Test("The budget stops between batches")
  func budget() async throws {
    let run = try await Shared.run(1.1)
    try await run.draw(200, tokens: 1)
    #expect(try run.records().count == 80)
  }

  @Test("An impossible share, greedy sampling and another tokenizer are errors")
  func errors() async throws {
    await #expect(throws: ExperimentError.self) { try await Shared.run(1.1, share: 1) }
    await #expect(throws: ExperimentError.self) { try await Shared.run(1.1, share: 0) }
    await #expect(throws: ExperimentError.self) { try await Shared.run(0) }
    let own = try await Shared.part("start", temperature: 1)
    let other = MixturePart(
      policy: own.policy, checkpoint: try Self.withTwoWordsExchanged(own.checkpoint), title: "other")
    try MixturePart.check([own, own])
    #expect(throws: ExperimentError.self) { try MixturePart.check([own, other]) }
  }

  private static func withTwoWordsExchanged(_ checkpoint: ModelCheckpoint) throws -> ModelCheckpoint {
    guard case .seedling(let configuration) = checkpoint.architecture,
      let tokenizer = checkpoint.tokenizer as? WordTokenizer
    else { throw ExperimentError("not a seedling") }
    var words = tokenizer.words
    words.swapAt(10, 11)
    return try ModelCheckpoint(
      configuration: configuration, tokenizer: WordTokenizer(words: words, separators: tokenizer.separators),
      lineage: checkpoint.lineage, weights: checkpoint.weights)
  }
}
