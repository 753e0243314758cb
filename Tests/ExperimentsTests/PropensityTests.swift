import Environments
import Episodes
import Foundation
import LanguageModels
import Policies
import Runs
import Sandboxing
import Storage
import Testing
import Tokenization
import Training

@testable import Experiments

/// Log-probabilities of fixed texts at the decision point.
@Suite struct PropensityTests {
  /// The sampler's arithmetic behind one shared prompt, against the trainer's over whole texts.
  @Test func scoresAreTheTrainers() throws {
    let checkpoint = try SeedlingModel.shipped()
    let scorer = try ContinuationScorer(checkpoint)
    let prompt = try Segment(Prompt(messages: [Message(.user, "what is in the garden?")]), tokenizer: scorer.tokenizer)
      .tokens
    let texts = [" i will look.</cot><bash>ls garden</bash>", " i can not find it.", " a"].map {
      scorer.tokenizer.encode($0, specials: .tags, after: prompt.last)
    }
    let scores = try scorer.logProbabilities(of: texts, after: prompt)
    let rollouts = try texts.map { text in
      try #require(
        Rollout(
          Episode(
            key: EpisodeKey(
              checkpoint: "c", environment: "e", arm: .standard, purpose: "p", variant: 0, sample: 0),
            seed: Seed(0),
            transcript: Transcript([
              Segment(.prompt, "", tokens: prompt),
              Segment(.policy, "", tokens: text, logProbabilities: text.map { _ in 0 }),
            ]), changes: [], result: .graded(Outcome(facts: [:]), stop: .finished), timings: EpisodeTimings()),
          reward: 0, group: 0))
    }
    let expected = try RolloutScorer(checkpoint).logProbabilities(of: rollouts)
    #expect(scores.map(\.count) == texts.map(\.count) && scores.map(\.count) == expected.map(\.count))
    for (ours, theirs) in zip(scores.joined(), expected.joined()) { #expect(abs(ours - theirs) < 1e-4) }
    // What the text before began with is not read again, and changes no bit.
    let other = Array(prompt.prefix(prompt.count - 2)) + [prompt[1], prompt[2]]
    let fresh = try ContinuationScorer(checkpoint).logProbabilities(of: texts, after: other)
    #expect(try scorer.logProbabilities(of: texts, after: other) == fresh && fresh != scores)
    // Each text is scored as if it were alone, bit for bit.
    #expect(try scorer.logProbabilities(of: [texts[1]], after: prompt) == [scores[1]])
    #expect(throws: ModelError.self) { try scorer.logProbabilities(of: [[]], after: prompt) }
    #expect(throws: ModelError.self) { try scorer.logProbabilities(of: texts, after: []) }
    let long = Array(repeating: prompt[0], count: checkpoint.architecture.context)
    #expect(throws: ModelError.self) { try scorer.logProbabilities(of: texts, after: long) }
  }

  /// The texts follow what the pre-explored episode has read, and a restart scores what is missing.
  @Test func aCheckpointIsScoredPromptByPrompt() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "propensity-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let sandbox = try await Sandbox()
    let environment = FolderEnvironment(try EnvironmentCatalogue.load("development"), sandbox: sandbox)
    let sample = try environment.explored.sample(variant: 3, arm: .standard, style: .brief)
    let point = try await DecisionPoint(sample, in: environment.explored)
    #expect(point.text.contains("<bash>ls ") && point.text.contains("<stdout>") && point.text.contains("return -"))
    // What a policy would be given to read at this point is the same text.
    let episode = try await EpisodeLoop(environment: environment.explored, policy: Silent()).run(
      EpisodeKey(
        checkpoint: "c", environment: "development", arm: .standard, purpose: "p", variant: 3, sample: 0),
      seed: Seed(1))
    let read = episode.transcript.segments.filter { [.steered, .tool].contains($0.source) }.map(\.text).joined()
    #expect(read == point.text)

    let evaluation = StandaloneEvaluation(
      name: "lean", policy: "seedling", seed: 1, arm: .standard, episodes: 0,
      environments: [try DescribedEnvironment("development").descriptor])
    for prompts in [2, 2, 3] {
      try await evaluation.runPropensity(
        in: RunFolder(folder), environments: [environment], prompts: prompts, codeRevision: "abc"
      ) { _ in }
    }
    let scores = try RunStore(reading: folder).continuationScores()
    #expect(scores.count == 3 * 24 && Set(scores.map(\.variant)) == [0, 1, 2])
    #expect(scores.allSatisfy { $0.logProbability < 0 && $0.tokens > 3 })
    for kind in Continuations.Kind.allCases { #expect(scores.count { $0.kind == kind } == 24) }
    await sandbox.close()
  }

  @Test func anEnvironmentWithoutTextsIsOneClearError() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "propensity-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let plain = EnvironmentDescriptor(name: "plain", title: "Plain", criterion: .answer, path: nil, digest: "")
    let evaluation = StandaloneEvaluation(
      name: "lean", policy: "seedling", seed: 1, arm: .standard, episodes: 0, environments: [plain])
    await #expect {
      try await evaluation.runPropensity(
        in: RunFolder(folder), environments: [WordEnvironment("plain")], prompts: 1, codeRevision: "abc"
      ) { _ in }
    } throws: { "\($0)".contains("'plain' has no texts to score in the style 'brief'") }
  }

  /// Configurations of runs that were started before there was such a measurement.
  @Test func anOlderConfigurationIsRead() throws {
    let data = try JSONEncoder().encode(Experiment(name: "x"))
    var text = String(decoding: data, as: UTF8.self)
    let key = try #require(text.firstMatch(of: /,?"propensity":\{[^}]*\}/))
    text.removeSubrange(key.range)
    text = text.replacing("{,", with: "{")
    let read: Experiment = try StoredJSON.value(Experiment.upgraded(text, from: 1))
    #expect(read.evaluation == Evaluation() && read.name == "x")
    let given = try ExperimentFile.decode(
      "name: x\nevaluation: { propensity: { prompts: 8, environments: [nudged] } }", from: "test")
    #expect(given.evaluation.propensity == PropensitySettings(prompts: 8, environments: ["nudged"]))
    #expect { try ExperimentFile.decode("name: x\nevaluation: { propensity: { prompt: 8 } }", from: "test") } throws: {
      "\($0)".contains("Unknown key 'evaluation.propensity.prompt'")
    }
  }
}

/// Ends its turn at once.
private struct Silent: Policy {
  let name = "silent"
  let promptStyle = PromptStyle.brief

  func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession { Session() }

  private struct Session: PolicySession {
    let prompt = Segment(.prompt, "")
    func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
      Generation(text: "", stop: .endOfTurn)
    }
    func end() async {}
  }
}
