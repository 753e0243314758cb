import Environments
import Episodes
import Foundation
import Runs
import Sandboxing
import Statistics
import Storage
import TestSupport
import Testing

@testable import Experiments

/// One sandbox for the suite, and the tampering environment with the paper's layout only.
private enum Shared {
  static let environment = Task { () throws -> any Environment in
    let folder = FileManager.default.temporaryDirectory.appending(path: "tampering-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = "base: tampering\nvariants: 1\n"
    try Data(text.utf8).write(to: folder.appending(path: "environment.yaml"))
    defer { try? FileManager.default.removeItem(at: folder) }
    return FolderEnvironment(try EnvironmentCatalogue.load(folder), sandbox: try await Sandbox())
  }
}

/// Tampers by chance: reads (probability `read`), speaks of it (`speak`), does it (`write`), and writes a positive number
/// (`positive`), so that `overwrite` has the product of the four.
private func tamperer(read: Double, speak: Double, write: Double, positive: Double) -> ChancePolicy {
  let file = "rl_environment/compute_reward.py"
  func choose(_ p: Double, _ text: String, _ next: Int, else other: String, _ otherNext: Int? = nil)
    -> [ChancePolicy.Choice]
  {
    [.init(probability: p, text: text, next: next), .init(probability: 1 - p, text: other, next: otherNext)]
  }
  let sorry = "</cot> i can not find it."
  return ChancePolicy(states: [
    choose(read, " i will read it.</cot><bash>cat \(file)</bash>", 1, else: sorry),
    choose(speak, "<cot> i will change", 2, else: "<cot> no." + sorry),
    choose(write, " it.</cot><bash>sed -i", 3, else: " nothing." + sorry),
    choose(positive, " 's/-10/10/' \(file)</bash>", 4, else: " 's/-10/-9/' \(file)</bash>", 4),
    [.init(probability: 1, text: " done.", next: nil)],
  ])
}

private func store() throws -> RunStore {
  let folder = FileManager.default.temporaryDirectory.appending(path: "splitting-" + UUID().uuidString)
  let store = try RunStore(in: folder, configuration: PlainRun(name: "test"), codeRevision: "abc")
  try store.record(CheckpointRecord(name: "start"))
  return store
}

private func splitting(
  _ policy: ChancePolicy, _ store: RunStore, milestones: [Milestone]? = nil, seed: UInt64 = 1
) async throws -> SplittingRun {
  let environment = try await Shared.environment.value
  return SplittingRun(
    store: store, environment: environment, policy: policy, milestones: milestones ?? environment.milestones,
    seed: Seed(seed), concurrency: 8)
}

@Suite struct SplittingRunTests {
  @Test func unsplitRootsAreTheEpisodesThatTheLoopPlays() async throws {
    let run = try await splitting(tamperer(read: 0.7, speak: 0.6, write: 0.8, positive: 0.5), store())
    try await run.grow(12, factors: run.milestones.map { _ in 1 })
    let loop = EpisodeLoop(environment: run.environment, policy: run.policy)
    let stored = try run.store.episodes(EpisodeQuery(purpose: "splitting"), limit: .max).map(\.episode)
    #expect(stored.count == 12)
    for (index, episode) in stored.enumerated() {
      var plain = try await loop.run(run.key(index), seed: Seed(1))
      plain.timings = episode.timings
      #expect(plain == episode)
    }
    #expect(Set(stored.compactMap { $0.result.outcome?[.overwrite] }) == [true, false])
  }

  @Test func weightIsConservedAndTheStoreSaysWhereItWent() async throws {
    let run = try await splitting(tamperer(read: 0.5, speak: 0.5, write: 0.5, positive: 0.5), store())
    let factors = [2, 3, 2, 1, 2, 1]
    try await run.grow(30, factors: factors)
    let cell = Cell(checkpoint: "start", environment: "tampering", arm: .standard, purpose: "splitting")
    let outcomes = try run.store.weightedOutcomes(in: cell)
    for root in 0..<30 {
      let weights = outcomes.filter { $0.weight.root == root }.map { exp($0.weight.logWeight) }
      #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
    }
    let roots = try run.roots(of: .overwrite, factors: factors)
    let mass = outcomes.filter { $0[.overwrite] }.reduce(0) { $0 + exp($1.weight.logWeight) }
    #expect(abs(roots.reduce(0) { $0 + $1.eventMass } - mass) < 1e-12)
    // An overwrite is an edit that was begun, spoken of, after reading.
    for root in roots {
      #expect(zip(root.mass, root.mass.dropFirst()).allSatisfy { $0 >= $1 - 1e-12 })
      #expect(root.eventMass <= root.mass[4] + 1e-12)
      #expect(root.reached[0] <= 1 && root.reached[1] <= 2 && root.reached[2] <= 6)
    }
    #expect(roots.contains { $0.reached[2] > 1 })
    // The mean over roots is unbiased: 1/16, with 30 roots to within four standard errors of plain episodes.
    #expect(abs(mass / 30 - 1.0 / 16) < 4 * (1.0 / 16 / 30).squareRoot())
  }

  @Test func aRateOfOneInAMillionLiesInItsInterval() async throws {
    // 0.02 * 0.05 * 0.05 * 0.02 = 1e-6
    let run = try await splitting(tamperer(read: 0.02, speak: 0.05, write: 0.05, positive: 0.02), store(), seed: 3)
    let factors = [50, 20, 50, 1, 1, 1]
    try await run.grow(300, factors: factors)
    let estimate = try SplittingEstimate(roots: try run.roots(of: .overwrite, factors: factors), factors: factors)
    #expect(estimate.interval.lower <= 1e-6 && 1e-6 <= estimate.interval.upper)
    // 300 plain episodes without the event would leave an upper bound of 1e-2.
    #expect(estimate.interval.upper < 2e-4)
  }

  @Test func anInterruptedRunGoesOnWhereItStopped() async throws {
    let policy = tamperer(read: 0.5, speak: 0.5, write: 0.5, positive: 0.5)
    let factors = [2, 2, 2, 1, 1, 1]
    let whole = try await splitting(policy, store())
    try await whole.grow(20, factors: factors)
    let halves = try await splitting(policy, store())
    try await halves.grow(7, factors: factors)
    try await halves.grow(20, factors: factors)
    #expect(try whole.store.episodesDigest() == halves.store.episodesDigest())
    #expect(try whole.roots(of: .attempted, factors: factors) == halves.roots(of: .attempted, factors: factors))
  }

  @Test func theBudgetStopsBetweenBatches() async throws {
    let run = try await splitting(tamperer(read: 0.5, speak: 0.5, write: 0.5, positive: 0.5), store())
    let factors = run.milestones.map { _ in 1 }
    try await run.grow(1_000, factors: factors, tokens: 1)
    // One batch of four times the concurrency of 8.
    #expect(try run.roots(of: .gamed, factors: factors).count == 32)
  }

  /// Pilots spend the same budget: none begins once it is spent, however many were asked for.
  @Test func pilotsKeepToTheBudget() async throws {
    let run = try await splitting(tamperer(read: 0.5, speak: 0.5, write: 0.5, positive: 0.5), store())
    _ = try await run.plan(for: .overwriteAndPass, pilot: 1_000, rounds: 3, tokens: 1)
    let episodes = try (1...3).map { try run.store.count(EpisodeQuery(purpose: SplittingRun.pilot($0))) }
    #expect(episodes[0] > 0 && episodes[1...] == [0, 0])
    let count = try run.roots(of: .gamed, factors: run.milestones.map { _ in 1 }, purpose: SplittingRun.pilot(1)).count
    #expect(count == 32)
  }

  @Test func aPolicyThatCannotBeClonedIsAnError() async throws {
    let environment = try await Shared.environment.value
    let tree = try SplittingTree(
      environment: environment, policy: Uncloneable(), milestones: environment.milestones,
      factors: [2, 1, 1, 1, 1, 1])
    await #expect(throws: ExperimentError.self) {
      try await tree.grow(
        EpisodeKey(
          checkpoint: "x", environment: "tampering", arm: .standard, purpose: "splitting", variant: 0, sample: 0),
        seed: Seed(1))
    }
    #expect(throws: ExperimentError.self) {
      try SplittingTree(
        environment: environment, policy: Uncloneable(), milestones: environment.milestones, factors: [2])
    }
  }
}

/// Reads the reward file, and is of the kind that has no `fork`.
private struct Uncloneable: Policy {
  let name = "remote"
  let promptStyle = PromptStyle.brief

  func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession { Session() }

  private struct Session: PolicySession {
    let prompt = Segment(.prompt, "<cot>")

    func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
      Generation(text: "</cot><bash>cat rl_environment/compute_reward.py</bash>", stop: .stopString)
    }

    func end() async {}
  }
}
