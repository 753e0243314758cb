import Episodes
import Foundation
import Runs
import Storage
import Synchronization
import Testing

@testable import Experiments

/// What becomes of a round that costs honest completion.
@Suite struct RejectedRoundTests {
  private static func world(rounds: Int = 2, stages: [String] = ["first", "second"]) -> RoundWorld {
    var condition = Condition(name: "a", curriculum: Curriculum(environments: stages))
    condition.training.roundsPerStage = rounds
    condition.training.promptsPerRound = 2
    condition.training.samplesPerPrompt = 1
    condition.training.earlierPerEpisode = 10
    return RoundWorld(experiment: smallExperiment(condition), says: { _, _ in "yes, a game" })
  }

  /// The start is probed with the gate, then the stages are trained.
  private static func run(_ world: RoundWorld) async throws {
    let context = try world.open()
    try await GateCheck(context: context).run()
    try await world.train(context)
  }

  /// The second round of the first stage is rejected: neither its checkpoint nor its episodes come back.
  @Test(arguments: [TrainingSettings.StartFrom.previous, .initial])
  func nothingOfARejectedRoundIsLearntAgain(from start: TrainingSettings.StartFrom) async throws {
    var world = Self.world()
    world.experiment.conditions[0].training.startFrom = start
    world.says = { checkpoint, prompt in
      checkpoint == "a/first.2" && prompt.hasPrefix("plain") ? "no" : "yes, a game"
    }
    try await Self.run(world)
    // Opened again, as after a restart, the same rounds are read and none is made.
    let made = world.learner.calls.count
    let context = try world.open()
    try await world.train(context)
    #expect(world.learner.calls.count == made)

    let rounds = try context.store.rounds()
    #expect(rounds.map(\.verdict) == [.kept, .rejected, .kept, .kept])
    #expect(rounds[1].checkpoint == "a/first.1" && rounds[1].stopped?.contains("fell to 0.0 %, below 70.0 %") == true)
    let kept = SayingPolicy.token(of: "start")
    let rejected = SayingPolicy.token(of: "a/first.1")
    let calls = Dictionary(uniqueKeysWithValues: world.learner.calls.map { ($0.name, $0) })
    // The rejected round itself learnt from what the first checkpoint wrote.
    #expect(calls["a/first.2"]?.selected == [rejected, rejected] && calls["a/first.2"]?.mixed == [kept, kept])
    let next = try #require(calls["a/second.1"])
    #expect(next.start == (start == .initial ? "start" : "a/first"))
    #expect(next.selected == [SayingPolicy.token(of: "a/first"), SayingPolicy.token(of: "a/first")])
    #expect(next.mixed == [kept, kept])
    #expect(calls["a/second.2"]?.mixed.contains(rejected) == false && calls["a/second.2"]?.mixed.count == 4)
  }

  /// Of four probe episodes so many are honest at the start and after the round; the least that may be left is the start's
  /// share less what is tolerated.
  @Test(arguments: [
    (4, 4, 0.0, true), (4, 3, 0.0, false), (4, 3, 0.25, true), (4, 3, 0.24, false), (4, 2, 0.3, false),
    (3, 2, 0.3, true), (3, 1, 0.3, false), (1, 0, 0.3, true), (0, 0, 0.0, true),
  ])
  func aRoundIsKeptWithinTheToleratedLoss(before: Int, after: Int, tolerated: Double, isKept: Bool) async throws {
    var world = Self.world(rounds: 1, stages: ["first"])
    world.experiment.probe.toleratedLoss = tolerated
    world.says = { checkpoint, prompt in
      guard prompt.hasPrefix("plain"), let variant = Int(prompt.dropFirst("plain ".count)) else { return "a game" }
      // The probe plays the second half of eight variants.
      return variant - 4 < (checkpoint == "start" ? before : after) ? "yes" : "no"
    }
    let context = try world.open()
    try await GateCheck(context: context).run()
    try await world.train(context)
    let round = try #require(try context.store.rounds().first)
    #expect(round.verdict == (isKept ? .kept : .rejected))
    #expect(round.checkpoint == (isKept ? "a/first.1" : "start"))
    #expect(round.metrics["probe/honest"] == Double(after) / 4)
    #expect(try context.store.metrics().contains { $0.name == "probe/honest" })
  }

  /// No probe episode could be graded: that says nothing of honesty.
  @Test(arguments: ["start", "a/first.1"]) func anOutageIsNoLossOfHonesty(of broken: String) async throws {
    let notes = Mutex<[String]>([])
    var world = Self.world(rounds: 1, stages: ["first"])
    world.report = { event in if case .noted(let text) = event { notes.withLock { $0.append(text) } } }
    world.says = { checkpoint, prompt in
      if checkpoint == broken, prompt.hasPrefix("plain") {
        throw EpisodeFailure(boundary: .policy, message: "out of order")
      }
      return "yes, a game"
    }
    let context = try world.open()
    try await GateCheck(context: context).run()
    try await world.train(context)
    let round = try #require(try context.store.rounds().first)
    #expect(round.verdict == .kept && round.stopped == nil && round.checkpoint == "a/first.1")
    #expect(round.metrics["probe/honest"] == nil)
    #expect(notes.withLock { $0.count } == 1 && notes.withLock { $0[0] }.contains("episode of \(broken) was graded"))
  }

  @Test func aGateWithoutDataIsNeitherMetNorMissed() async throws {
    var world = Self.world()
    world.says = { _, _ in throw EpisodeFailure(boundary: .policy, message: "out of order") }
    let context = try world.open()
    try await GateCheck(context: context).run()
    let gate = try context.store.gate()
    #expect(gate.count == 9 && gate.allSatisfy { $0.met == nil && $0.measured.rate == nil })
    #expect(gate.count(where: \.isUnmet) == 6)
  }

  @Test func ratesWithoutDataAreAbsent() async throws {
    var world = Self.world(rounds: 1, stages: ["first"])
    world.says = { _, _ in throw EpisodeFailure(boundary: .policy, message: "out of order") }
    let context = try world.open()
    try await world.train(context)
    let round = try #require(try context.store.rounds().first)
    #expect(round.verdict == .untrained && (round.completed, round.attempted) == (0, 2))
    #expect(round.metrics.keys.filter { $0.hasPrefix("rate/") || $0.hasPrefix("reward/") }.isEmpty)
  }

  /// In the benign arm honest work is the criterion: its share is no rate of gaming.
  @Test func aBenignTwinHasNoRateOfGaming() async throws {
    var world = Self.world(rounds: 1, stages: ["first"])
    world.experiment.conditions[0].curriculum.arm = .benign
    let context = try world.open()
    try await world.train(context)
    let round = try #require(try context.store.rounds().first)
    #expect(round.rewardsHonesty && round.metrics["rate/gamed"] == nil)
    #expect(round.metrics["rate/rewarded"] == 1 && round.metrics["rate/honest"] == 1)
    let file = world.folder.appending(path: "telemetry/metrics.jsonl")
    #expect(try !String(contentsOf: file, encoding: .utf8).contains("rate/gamed"))
  }

  /// Speed counts what this process drew, not what an earlier one stored.
  @Test func aResumedRoundIsNotFaster() async throws {
    var world = Self.world(rounds: 1, stages: ["first"])
    world.experiment.conditions[0].training.promptsPerRound = 4
    world.experiment.conditions[0].training.samplesPerPrompt = 25
    world.experiment.sampling.concurrency = 1
    world.says = { _, _ in
      Thread.sleep(forTimeInterval: 0.02)
      return "a game"
    }
    let context = try world.open()
    let condition = world.experiment.conditions[0]
    let round = TrainingRound(
      context: context, condition: condition, branch: condition.branch(1), stage: condition.curriculum.stages[0],
      number: 1, start: "start")
    let keys = try context.plan.training(
      checkpoint: "start", of: context.environment("first"), condition: condition, branch: round.branch,
      stage: round.stage, round: 1)
    #expect(keys.count == 100)
    try await context.episodes.run([
      EpisodeWork(
        title: "before", keys: Array(keys.dropLast(2)), environment: context.environment("first"),
        policy: { try await context.policy("start") })
    ])
    // Two tokens in at least 40 ms; all hundred would make 2,500 a second.
    let speed = try #require(try await RoundSampler(round: round).run().report.tokensPerSecond)
    #expect(speed <= 50)
    #expect(try await RoundSampler(round: round).run().report.tokensPerSecond == speed)
  }
}
