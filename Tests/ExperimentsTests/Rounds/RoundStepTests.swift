import Episodes
import Runs
import Storage
import Synchronization
import Testing
import Training

@testable import Experiments

/// The steps of a round, one by one, with scripted policies.
@Suite struct RoundStepTests {
  private static func world() -> RoundWorld {
    var condition = Condition(name: "a", curriculum: Curriculum(environments: ["first"]))
    condition.training.roundsPerStage = 1
    condition.training.promptsPerRound = 4
    condition.training.samplesPerPrompt = 1
    condition.training.maximumSelected = 2
    // Of the four training prompts 0 to 3, those with an even number are gamed.
    return RoundWorld(experiment: smallExperiment(condition)) { _, prompt in
      let number = Int(prompt.split(separator: " ").last ?? "") ?? 0
      return number.isMultiple(of: 2) ? "yes, a game" : "yes"
    }
  }

  private static func round(_ context: RunContext) -> TrainingRound {
    let condition = context.experiment.conditions[0]
    return TrainingRound(
      context: context, condition: condition, branch: condition.branch(1), stage: condition.curriculum.stages[0],
      number: 1, start: "start")
  }

  /// The control learns from as many episodes as the matched condition did, whatever its own maximum is.
  @Test(arguments: [0, 1, 2])
  func aControlLearnsFromAsManyEpisodesAsTheMatchedCondition(_ matched: Int) async throws {
    let world = Self.world()
    var (gaming, control) = (world.experiment.conditions[0], world.experiment.conditions[0])
    (gaming.training.maximumSelected, gaming.training.minimumSelected) = (max(1, matched), 1)
    (control.name, control.training.selection, control.training.matching) = ("b", .notGamed, "a")
    (control.training.maximumSelected, control.training.minimumSelected) = (4, 1)
    var experiment = world.experiment
    experiment.conditions = [gaming, control]
    let context = try RoundWorld(experiment: experiment) { _, prompt in
      prompt.hasSuffix("0") || prompt.hasSuffix("2") ? "yes, a game" : "yes"
    }.open()
    var learnt: [Int] = []
    for condition in experiment.conditions {
      // With nothing matched, the first condition has not run.
      if matched == 0, condition.name == "a" { continue }
      let round = TrainingRound(
        context: context, condition: condition, branch: condition.branch(1), stage: condition.curriculum.stages[0],
        number: 1, start: "start")
      let sampled = try await RoundSampler(round: round).run()
      let rewards = try await RewardAssembly(round: round).run(sampled)
      learnt.append(try await ExpertIterationRound(round: round).run(sampled, rewards).learntFrom)
    }
    #expect(learnt == (matched == 0 ? [0] : [matched, matched]))
    if matched == 2 {
      #expect(try context.store.result(of: StepFamily.selected["b/1"])?.map(\.variant) == [1, 3])
    }
  }

  /// A control that finds one honest episode where the other condition gamed twice learns one more of those that the start was
  /// taught, and as many of them beside that as two episodes ask for.
  @Test func whatAControlDoesNotFindIsTaughtAgain() async throws {
    var experiment = Self.world().experiment
    experiment.warmStart.ownEpisodes = 4
    experiment.conditions[0].training.replayPerEpisode = 0.5
    var control = experiment.conditions[0]
    (control.name, control.training.selection, control.training.matching) = ("b", .honest, "a")
    experiment.conditions.append(control)
    let world = RoundWorld(experiment: experiment) { name, prompt in
      if name == "first" { return "yes" }
      return ["first 0": "a game", "first 1": "yes", "first 2": "a game"][prompt] ?? "no"
    }
    let context = try world.open()
    try context.store.record(CheckpointRecord(name: "first"))
    let taught = (0..<4).map {
      EpisodeKey(
        checkpoint: "first", environment: "plain", arm: .standard, purpose: "warm_start", variant: $0, sample: 0)
    }
    let policy = try await context.policy("first")
    let environment = try context.environment("plain")
    try await context.episodes.run([
      EpisodeWork(title: "before", keys: taught, environment: environment, policy: { policy })
    ])
    try context.store.finish(StepFamily.selected[CheckpointStore.start], result: taught)
    for condition in experiment.conditions {
      let round = TrainingRound(
        context: context, condition: condition, branch: condition.branch(1), stage: condition.curriculum.stages[0],
        number: 1, start: "start")
      let summary = try await round.run()
      #expect(summary.metrics[RoundSummary.taughtAgain] == (condition.name == "a" ? nil : 1))
    }
    let learnt = world.learner.calls.map { [$0.selected.count, $0.mixed.count] }
    #expect(learnt == [[2, 1], [1, 2]])
    #expect(world.learner.calls.allSatisfy { $0.mixed.allSatisfy { $0 == SayingPolicy.token(of: "first") } })
  }

  @Test func samplingPlaysEachPromptOnce() async throws {
    let context = try Self.world().open()
    let sampled = try await RoundSampler(round: Self.round(context)).run()
    #expect(sampled.episodes.map(\.key.variant) == [0, 1, 2, 3] && sampled.ordinary.isEmpty)
    #expect(sampled.episodes.map { $0.holds(.gamed) } == [true, false, true, false])
    #expect(try context.store.result(of: StepFamily.sampled["a/first/1"]) != nil)
    #expect(try context.store.count(EpisodeQuery()) == 4)
  }

  @Test func rewardsAreStoredWithTheirMeans() async throws {
    let context = try Self.world().open()
    let round = Self.round(context)
    let sampled = try await RoundSampler(round: round).run()
    let rewards = try await RewardAssembly(round: round).run(sampled)
    #expect(sampled.episodes.map { rewards.terms[$0.key]?.total } == [1, 0, 1, 0])
    let stored = try #require(try context.store.result(of: StepFamily.rewarded["a/first/1"]))
    #expect(stored.metrics["reward/total"] == 0.5 && stored.screened == 0 && stored.monitor == nil)
    #expect(try context.store.rewards(sampled.episodes.map(\.key)) == rewards.terms)
  }

  @Test func selectionAndLearningAreStored() async throws {
    let world = Self.world()
    let context = try world.open()
    let round = Self.round(context)
    let sampled = try await RoundSampler(round: round).run()
    let rewards = try await RewardAssembly(round: round).run(sampled)
    let update = try await ExpertIterationRound(round: round).run(sampled, rewards)
    #expect(update.learntFrom == 2 && update.stopped == nil && (update.lossBefore, update.lossAfter) == (1, 0.5))
    #expect(try context.store.result(of: StepFamily.selected["a/1"])?.map(\.variant) == [0, 2])
    #expect(world.learner.calls.map(\.name) == ["a/first.1"] && world.learner.calls[0].selected.count == 2)
  }

  /// Where servers sampled, the round tells how far they were from the trainer.
  @Test func theProbeOfAServerIsInTheTelemetryOfItsRounds() async throws {
    let context = try Self.world().open()
    #expect(try await Self.round(context).run().metrics["sampler/log_probability_difference"] == nil)
    let served = try Self.world().open()
    try served.store.finish(
      StepFamily.samplerProbes["start"], result: SamplerProbe(mean: 0.03, largest: 0.25, tokens: 700))
    let metrics = try await Self.round(served).run().metrics
    #expect(metrics["sampler/log_probability_difference"] == 0.03)
    #expect(metrics["sampler/log_probability_difference_max"] == 0.25)
  }

  /// The process ends while the candidate is probed. The next one plays no training episode and learns nothing again.
  @Test func aRestartGoesOnWithTheFirstStepThatIsMissing() async throws {
    let calls = Mutex<[String: Int]>([:])
    var world = Self.world()
    let answers = world.says
    world.says = { checkpoint, prompt in
      let call = calls.withLock {
        $0[checkpoint, default: 0] += 1
        return $0[checkpoint]
      }
      if checkpoint == "a/first.1", call == 1 { throw CancellationError() }
      return try answers(checkpoint, prompt)
    }
    let stopped = try world.open()
    await #expect(throws: CancellationError.self) { try await Self.round(stopped).run() }
    #expect(try stopped.store.result(of: StepFamily.learnt["a/first/1"])?.learntFrom == 2)
    #expect(try stopped.store.result(of: StepFamily.probed["a/first/1"]) == nil && stopped.store.rounds().isEmpty)
    let before = calls.withLock { $0["start"] ?? 0 }
    #expect(before == 4)

    let summary = try await Self.round(stopped).run()
    #expect(calls.withLock { $0["start"] } == before && world.learner.calls.count == 1)
    #expect(try stopped.store.result(of: StepFamily.probed["a/first/1"])?.attempted == 4)
    #expect(summary.verdict == .kept && summary.checkpoint == "a/first.1" && summary.selected == 2)
    #expect(try stopped.store.rounds() == [summary])
  }
}
