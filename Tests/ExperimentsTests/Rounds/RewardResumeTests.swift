import Episodes
import Foundation
import Judging
import NIOHTTP1
import Runs
import Storage
import Synchronization
import TestSupport
import Testing
import Training

@testable import Experiments

/// Rounds whose scores come from a server that gives another number whenever it is asked.
@Suite struct RewardResumeTests {
  private static let arms = ["judge", "endpoint"]

  /// Cancels a task when the count of what happened reaches a number.
  private final class Interruption: Sendable {
    private struct State {
      var happened = 0
      var task: Task<Void, any Error>?
    }

    private let state = Mutex(State())
    private let point: Int

    /// - Parameter point: `nil` never interrupts.
    init(at point: Int?) { self.point = point ?? .max }

    var happened: Int { state.withLock { $0.happened } }

    func tick() {
      let due = state.withLock { state in
        state.happened += 1
        return state.happened == point ? state.task : nil
      }
      due?.cancel()
    }

    /// Runs some work until its end or the interruption.
    func run(_ work: @escaping @Sendable () async throws -> Void) async throws {
      let go = Mutex(false)
      let task = Task {
        while !go.withLock({ $0 }) { await Task.yield() }
        try await work()
      }
      state.withLock { $0.task = task }
      go.withLock { $0 = true }
      do { try await task.value } catch is CancellationError {}
    }
  }

  /// A server in the place of judge, monitor and endpoint. No two of its first 1,000 answers are equal.
  private static func server(_ asked: @escaping @Sendable () -> Void) async throws -> RemoteServer {
    try await RemoteServer { request, before in
      asked()
      let number = Double(before % 1_000) / 100
      struct Endpoint: Decodable { let answers: [String] }
      if let body = try? JSONDecoder().decode(Endpoint.self, from: request.body) {
        let scores = body.answers.indices.map { "\(number + Double($0) / 1_000)" }
        return .init(body: "{\"scores\": [\(scores.joined(separator: ","))]}")
      }
      struct Chat: Decodable {
        struct Message: Decodable { let content: String }
        let messages: [Message]
      }
      let system = (try? JSONDecoder().decode(Chat.self, from: request.body))?.messages[0].content ?? ""
      guard let match = system.firstMatch(of: /"id": "(\w+)", "(\w+)":/) else { return .init(status: .badRequest) }
      let verdict = "{\\\"id\\\": \\\"\(match.1)\\\", \\\"\(match.2)\\\": \(number)}"
      return .init(
        body: "{\"choices\": [{\"message\": {\"content\": \"\(verdict)\"}, \"finish_reason\": \"stop\"}]}")
    }
  }

  private static func world(_ arm: String, server: RemoteServer) -> RoundWorld {
    var condition = Condition(name: "a", curriculum: Curriculum(environments: ["first"]))
    condition.training.roundsPerStage = 2
    condition.training.promptsPerRound = 2
    condition.training.samplesPerPrompt = 2
    condition.training.selection = .bestOfN
    condition.reward.preferenceWeight = 1
    condition.interventions.monitor.kind = .judge
    condition.interventions.monitor.judge = JudgeSettings(address: server.address, model: "m", concurrency: 2)
    var experiment = smallExperiment(condition)
    experiment.probe.episodes = 2
    experiment.preferenceModel.source = arm == "judge" ? .judge : .endpoint
    experiment.preferenceModel.address = server.address
    experiment.preferenceModel.judge = "m"
    return RoundWorld(experiment: experiment, says: { _, prompt in "yes, a game of \(prompt)" })
  }

  private struct Said: Equatable {
    var rewards: [EpisodeKey: RewardTerms]
    var verdicts: [EpisodeKey: MonitorVerdict]

    init(_ store: RunStore) throws {
      let keys = try store.episodes(EpisodeQuery(environment: "first"), limit: .max).map(\.episode.key)
      rewards = try store.rewards(keys)
      verdicts = try store.verdicts(keys, monitor: "judge m")
    }

    /// Whether everything that was said before is said still, word for word.
    func keeps(_ before: Said) -> Bool {
      before.rewards.allSatisfy { rewards[$0.key] == $0.value }
        && before.verdicts.allSatisfy { verdicts[$0.key] == $0.value }
    }
  }

  /// Interrupted at every event and at every request, a run is resumed without a contradiction, and keeps what was stored.
  @Test(arguments: arms) func aRunInterruptedAnywhereKeepsItsRewards(arm: String) async throws {
    var points = 1
    var point = 0
    while point < points {
      let interruption = Interruption(at: point == 0 ? nil : point)
      let server = try await Self.server { interruption.tick() }
      var world = Self.world(arm, server: server)
      world.report = { _ in interruption.tick() }
      let before = try await Self.interrupted(world, interruption)
      if point == 0 { points = interruption.happened + 1 }

      let context = try world.open()
      try await world.train(context)
      let after = try Said(context.store)
      #expect(after.keeps(before), "interrupted at \(point) of \(points)")
      #expect(after.rewards.count == 8 && after.verdicts.count == 8)
      try Self.checkRounds(context.store, after)
      // Resumed once more, nothing is asked and nothing changes.
      let asked = server.requests.count
      try await world.train(context)
      #expect(server.requests.count == asked)
      #expect(try Said(context.store) == after)
      point += 1
    }
    #expect(points > 20)
  }

  /// Runs to the interruption; what was stored by then. The store is closed when this returns.
  private static func interrupted(_ world: RoundWorld, _ interruption: Interruption) async throws -> Said {
    let context = try world.open()
    try await interruption.run { try await world.train(context) }
    return try Said(context.store)
  }

  /// Every round's mean is that of its stored rewards, and it learnt the best of each prompt by them.
  private static func checkRounds(_ store: RunStore, _ said: Said) throws {
    let rounds = try store.rounds()
    #expect(rounds.count == 2)
    for round in rounds {
      let own = said.rewards.filter { $0.key.purpose == "train-a-first-\(round.round)" }
      #expect(own.count == 4)
      let mean = own.values.map(\.total).reduce(0, +) / 4
      #expect(abs(mean - (round.metrics["reward/total"] ?? .nan)) < 1e-12)
      let selected = try store.result(of: Step<[EpisodeKey]>("selected/a/\(round.round)")) ?? []
      let best = Dictionary(grouping: own.filter { !$0.value.isScreened }, by: \.key.variant).values.map {
        $0.map(\.value.total).max() ?? 0
      }
      #expect(selected.compactMap { own[$0]?.total }.sorted() == best.sorted())
    }
  }

  /// Batches are stored one by one: what a killed process asked is not asked again, but for the batch under way.
  @Test func aBatchIsAskedOnce() async throws {
    let interruption = Interruption(at: 5)
    let server = try await Self.server { interruption.tick() }
    let world = Self.world("judge", server: server)
    func assemble() async throws -> Said {
      let context = try world.open()
      let condition = world.experiment.conditions[0]
      let round = TrainingRound(
        context: context, condition: condition, branch: condition.branch(1), stage: condition.curriculum.stages[0],
        number: 1, start: "start")
      let sampled = try await RoundSampler(round: round).run()
      try await interruption.run { _ = try await RewardAssembly(round: round, batch: 2).run(sampled) }
      return try Said(context.store)
    }
    // A batch of two verdicts and two scores is whole at the fifth request.
    let first = try await assemble()
    #expect(first.rewards.count == 2 && (2...4).contains(first.verdicts.count))
    let second = try await assemble()
    #expect(second.keeps(first) && second.rewards.count == 4)
    #expect(server.requests.count <= 5 + 1 + 4)
  }
}
