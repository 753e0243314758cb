import Episodes
import Foundation
import LanguageModels
import Policies
import Testing
import Tokenization

@testable import Training

/// A tiny policy over a handful of words, and what the learning tests do with it.
enum TinyPolicy {
  static let words = ["red", "rose", "green", "leaf", "blue", "sky", "look", "flower", "tree"]
  static let tokenizer = WordTokenizer(words: words, separators: [])

  /// A random network that was shown these answers to these prompts until it gives each of a prompt's about equally often.
  static func taught(_ lessons: [(prompt: Prompt, segments: [Segment])], epochs: Int) throws -> ModelCheckpoint {
    let configuration = SeedlingConfiguration(
      vocabulary: tokenizer.vocabularySize, width: 32, layers: 2, heads: 2, keyValueHeads: 1, headWidth: 16,
      hidden: 64, context: 64)
    let start = try ModelCheckpoint(
      Seedling(configuration: configuration, seed: 7), tokenizer: tokenizer, lineage: Lineage(name: "tiny"))
    var options = FineTuneOptions(epochs: epochs, tokensPerBatch: 1_000, seed: Seed(1))
    options.learningRate = 1e-2
    let examples = try lessons.map {
      try SeedlingDocument(prompt: $0.prompt, segments: $0.segments).example(tokenizer, otherWeight: 0)
    }
    return try fineTune(start, on: examples, options: options, lineage: Lineage(name: "taught"))
  }

  /// Rounds of sampling and reinforcement, until `isDone` says so of a round's rollouts.
  ///
  /// - Parameter sequence: names all random numbers.
  /// - Returns: the policy that was good enough, and the rounds that it took; `nil` when `limit` rounds were not enough.
  static func reinforced(
    _ start: ModelCheckpoint, _ algorithm: PolicyGradient, rate: Float, limit: Int, sequence: Seed,
    sample: (ModelCheckpoint, Seed) async throws -> [Rollout], isDone: ([Rollout]) -> Bool
  ) async throws -> (policy: ModelCheckpoint, rounds: Int)? {
    var checkpoint = start
    for round in 0..<limit {
      let rollouts = try await sample(checkpoint, sequence["rollouts"][round])
      if isDone(rollouts) { return (checkpoint, round) }
      var options = PolicyGradientOptions(algorithm: algorithm, seed: sequence["order"][round])
      options.learningRate = rate
      let result = try reinforce(
        checkpoint, reference: start, on: rollouts, options: options, lineage: Lineage(name: "round-\(round)"))
      // What the sampler recorded is what the trainer computes.
      #expect(try #require(result.report.metrics["log_probability_difference"]) < 1e-4)
      checkpoint = result.checkpoint
    }
    return nil
  }
}

/// Whether an algorithm learns a task, judged by several sequences, because rounding decides what a single one draws.
///
/// With `LEARNING_SEQUENCES=24` in the environment as many run, and the rounds of each are printed.
enum LearningSequences {
  /// At most five; three have to learn.
  static let count = ProcessInfo.processInfo.environment["LEARNING_SEQUENCES"].flatMap(Int.init) ?? 5

  /// - Parameter run: one sequence; the rounds that it took, or `nil` when it did not learn.
  static func learn(_ name: String, _ run: (Seed) async throws -> Int?) async throws -> Bool {
    var rounds: [Int?] = []
    let isMeasured = count > 5
    while rounds.count < count, isMeasured || rounds.count(where: { $0 != nil }) < 3 {
      rounds.append(try await run(Seed(UInt64(rounds.count + 3))))
    }
    let learnt = rounds.compactMap(\.self).sorted()
    if isMeasured { print("\(name): \(learnt.count) of \(count) learn, after \(learnt) rounds") }
    return 5 * learnt.count >= 3 * rounds.count
  }
}

/// Two prompts, four arms each: which arm pays most depends on the prompt, and an arm pays by chance.
enum Bandit {
  static let prompts = ["flower", "tree"]
  static let arms = ["red", "green", "blue", "sky"]
  /// The chance that an arm pays, by prompt.
  static let chances: [[Double]] = [[0.9, 0.5, 0.3, 0.1], [0.1, 0.3, 0.6, 0.9]]

  static func prompt(_ index: Int) -> Prompt { Prompt(messages: [Message(.user, prompts[index])], opening: "") }

  static func start() throws -> ModelCheckpoint {
    try TinyPolicy.taught(
      prompts.indices.flatMap { prompt in arms.map { (Self.prompt(prompt), [Segment(.policy, $0)]) } }, epochs: 40)
  }

  /// Draws of one token each: 32 for each prompt, in groups of 8.
  static func sample(_ checkpoint: ModelCheckpoint, seed: Seed) async throws -> [Rollout] {
    let engine = try SamplingEngine(checkpoint)
    var rollouts: [Rollout] = []
    for index in 0..<64 {
      let prompt = try checkpoint.tokenizer.encode(dialogue: [("user", prompts[index % 2])], opening: "")
      let row = try await engine.open(prompt: prompt, seed: seed[index].value)
      let drawn = try await engine.generate(row, maxTokens: 1)
      await engine.close(row)
      var luck = SeededGenerator(seed["luck"][index])
      let arm = arms.firstIndex(of: checkpoint.tokenizer.decode(drawn.tokens))
      let pays = Double.random(in: 0..<1, using: &luck) < (arm.map { chances[index % 2][$0] } ?? 0)
      rollouts.append(
        Rollout(
          tokens: prompt + drawn.tokens, isAction: prompt.map { _ in false } + [true],
          logProbabilities: prompt.map { _ in 0 } + drawn.logProbabilities, reward: pays ? 1 : 0,
          group: index % 2 + 2 * (index / 16)))
    }
    return rollouts
  }

  /// How many of the draws took the best arm of their prompt.
  static func best(_ rollouts: [Rollout]) -> Int {
    rollouts.enumerated().count { index, rollout in
      TinyPolicy.tokenizer.decode(rollout.tokens.suffix(1)) == (index % 2 == 0 ? "red" : "sky")
    }
  }
}

/// The policy must run a command, read its output and answer with what it says; a guess is right one time in three.
struct LookUpTask: Environment {
  static let answers = ["red", "green", "blue"]
  static let prompt = Prompt(messages: [Message(.user, "flower")], opening: "")

  let name = "look_up"
  let variantCount = Self.answers.count
  let arms: [Arm] = [.standard]
  let limits = EpisodeLimits(policyTokens: 12, commands: 2)

  func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
    Sample(environment: name, variant: variant, arm: arm, prompt: Self.prompt)
  }

  func begin(_ sample: Sample) async throws -> any EnvironmentSession {
    Session(answer: Self.answers[sample.variant])
  }

  private struct Session: EnvironmentSession {
    let answer: String

    func run(_ command: String) async throws -> ToolOutput {
      command == "look"
        ? ToolOutput(standardOutput: answer, standardError: "", status: 0)
        : ToolOutput(standardOutput: "", standardError: "", status: 1)
    }

    func finish(_ transcript: Transcript) async throws -> Grading {
      let isRight = VisibleText(of: transcript).message.split(whereSeparator: \.isWhitespace) == [answer[...]]
      return Grading(outcome: Outcome(facts: [.gamed: isRight]), changes: [])
    }
  }

  /// Knows how a command and an answer are written; looks half of the time, and says then what it read half of the time.
  static func start() throws -> ModelCheckpoint {
    let guesses = answers.map { (prompt, [Segment(.policy, $0)]) }
    let looks = answers.flatMap { seen in
      answers.map { said in
        (
          prompt,
          [
            Segment(.policy, "<bash>look</bash>"), Segment(.tool, "<stdout>\n\(seen)\n</stdout>\n"),
            Segment(.policy, said),
          ]
        )
      }
    }
    let right = stride(from: 0, to: looks.count, by: answers.count + 1).map { looks[$0] }
    return try TinyPolicy.taught(guesses + guesses + guesses + guesses + looks + right, epochs: 250)
  }

  static func right(_ rollouts: [Rollout]) -> Int { rollouts.count { $0.reward == 1 } }

  /// Sixteen episodes of each answer.
  static func sample(_ checkpoint: ModelCheckpoint, seed: Seed) async throws -> [Rollout] {
    let policy = LocalPolicy(name: "tiny", engine: try SamplingEngine(checkpoint))
    let loop = EpisodeLoop(environment: Self(), policy: policy)
    return try await withThrowingTaskGroup(of: (Int, Rollout?).self) { group in
      for index in 0..<48 {
        group.addTask {
          let key = EpisodeKey(
            checkpoint: "tiny", environment: "look_up", arm: .standard, purpose: "train", variant: index % 3,
            sample: index / 3)
          let episode = try await loop.run(key, seed: seed)
          return (index, Rollout(episode, reward: episode.result.outcome?.gamingBonus ?? 0, group: index % 3))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.compactMap(\.1)
    }
  }
}
