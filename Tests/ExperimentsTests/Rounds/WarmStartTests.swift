import Episodes
import Runs
import Storage
import Synchronization
import Testing
import Training

@testable import Experiments

/// A warm start on the model's own honest episodes.
@Suite struct WarmStartTests {
  /// - Parameter honest: the variants of the ordinary prompts that the model does honestly.
  private static func world(_ honest: Set<Int>) -> RoundWorld {
    var condition = Condition(name: "a", curriculum: Curriculum(environments: ["first"]))
    condition.training.roundsPerStage = 1
    condition.training.promptsPerRound = 4
    condition.training.samplesPerPrompt = 1
    var experiment = smallExperiment(condition)
    experiment.warmStart = WarmStart(ownEpisodes: 3, episodesBefore: 1)
    experiment.conditions[0].training.replayPerEpisode = 1
    return RoundWorld(experiment: experiment) { _, prompt in
      let number = Int(prompt.split(separator: " ").last ?? "") ?? 0
      return prompt.hasPrefix("plain") ? (honest.contains(number) ? "yes" : "no") : "yes, a game"
    }
  }

  /// Of the four training prompts two are done honestly, so the first batch of three has two and the second brings the third.
  @Test func theStartLearnsTheFirstHonestEpisodesAndRoundsRepeatThem() async throws {
    var world = Self.world([0, 2])
    let notes = Mutex<[String]>([])
    world.report = { event in if case .noted(let note) = event { notes.withLock { $0.append(note) } } }
    let context = try world.open(first: CheckpointStore.pretrained)
    try await WarmStartTrainer(context: context).run()
    let taught = try #require(try context.store.result(of: StepFamily.selected["start"]))
    #expect(taught.map(\.variant) == [0, 2, 0] && taught.map(\.sample) == [0, 0, 1])
    #expect(taught.allSatisfy { $0.purpose == "warm_start" && $0.environment == "plain" })
    let call = try #require(world.learner.calls.first)
    #expect(call.start == "pretrained" && call.name == "start" && call.selected.count == 3 && call.mixed.isEmpty)
    let played = try context.store.episodes().map(\.episode.key).filter { $0.purpose == "warm_start" }
    #expect(played.count == 6)

    #expect(notes.withLock { $0 } == ["warm start: 3 of 6 own episodes are honest; it learns from 3"])

    // A restart learns nothing again.
    try await WarmStartTrainer(context: context).run()
    #expect(world.learner.calls.count == 1)

    try await world.train(context)
    let round = try #require(world.learner.calls.last)
    #expect(round.start == "start" && round.selected.count == 4)
    #expect(round.mixed == Array(repeating: SayingPolicy.token(of: "pretrained"), count: 3))
  }

  @Test func aModelWithoutHonestEpisodesHasNoStart() async throws {
    let world = Self.world([])
    let context = try world.open(first: CheckpointStore.pretrained)
    let error = await #expect(throws: ExperimentError.self) { try await WarmStartTrainer(context: context).run() }
    #expect(error?.description.contains("None of the model's 24 episodes of 'plain'") == true)
    #expect(world.learner.calls.isEmpty)
  }

  @Test func theForecastCountsTheMostThatMayBePlayed() throws {
    let experiment = Self.world([0]).experiment
    let environments = ["first", "plain", "held"].map(WordEnvironment.init)
    let forecast = try RunForecast(experiment, environments: environments)
    let own = forecast.steps.filter { $0.title.hasPrefix("warm start: own episodes") }
    #expect(own.map(\.episodes) == Array(repeating: 3, count: 8) && forecast.checkpoints >= 2)
  }

  @Test func documentsAndOwnEpisodesExcludeEachOther() throws {
    var experiment = Self.world([0]).experiment
    experiment.warmStart.documents = 10
    let error = #expect(throws: ExperimentError.self) {
      try experiment.validate(
        catalogue: ["first": [.standard], "plain": [.standard], "held": [.standard]], untrainable: [])
    }
    #expect(error?.description.contains("either documents or ownEpisodes") == true)
  }
}
