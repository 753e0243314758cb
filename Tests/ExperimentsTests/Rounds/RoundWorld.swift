import Episodes
import Foundation
import LanguageModels
import Runs
import Storage
import Synchronization

@testable import Experiments
@testable import Training

/// A run in which nothing is a model and nothing needs a sandbox: scripted policies, an environment that grades words, and
/// a learner that remembers what it was given.
struct RoundWorld {
  var experiment: Experiment
  /// What a checkpoint says to a prompt such as `plain 5`; throws where the policy fails.
  var says: @Sendable (_ checkpoint: String, _ prompt: String) throws -> String
  var report: @Sendable (RunEvent) -> Void = { _ in }
  let folder = FileManager.default.temporaryDirectory.appending(path: "rounds-" + UUID().uuidString)
  let learner = RecordingLearner()

  /// Opens the run, as a new process would.
  ///
  /// - Parameter first: the checkpoint that is there.
  func open(first: String = "start") throws -> RunContext {
    let files = RunFolder(folder)
    try files.create()
    let store = try RunStore(in: folder, configuration: experiment, codeRevision: "abc")
    try store.record(CheckpointRecord(name: first))
    let checkpoints = CheckpointStore(folder: files, store: store, catalogue: try ModelCatalogue())
    let environments = ["first", "second", "plain", "held"].map(WordEnvironment.init)
    return RunContext(
      experiment: experiment, store: store, checkpoints: checkpoints,
      policies: { [says] name in SayingPolicy(name: name, says: { try says(name, $0) }) },
      learner: learner.storing(in: store),
      environments: Dictionary(uniqueKeysWithValues: environments.map { ($0.name, $0) }),
      scorers: ScorerLibrary(settings: experiment.preferenceModel, checkpoints: checkpoints),
      telemetry: try RunTelemetry(folder: files, store: store), report: report)
  }

  /// Runs every stage of the first condition, from the start to its last checkpoint.
  func train(_ context: RunContext) async throws {
    var current = "start"
    let condition = experiment.conditions[0]
    for stage in condition.curriculum.stages {
      current = try await StageTrainer(
        context: context, condition: condition, branch: condition.branch(1), stage: stage
      ).run(from: current)
    }
  }
}

/// An experiment of one condition at the smallest scale.
func smallExperiment(_ condition: Condition) -> Experiment {
  var condition = condition
  condition.training.replayPerEpisode = 0
  condition.training.minimumSelected = 1
  var experiment = Experiment(name: "test", conditions: [condition])
  experiment.probe = HonestProbe(environment: "plain", episodes: 4, toleratedLoss: 0.3)
  experiment.evaluation.heldOut = "held"
  experiment.sampling.concurrency = 4
  return experiment
}

/// Grades by words: `gamed` if the answer holds "game", `honest` if it holds "yes". Its prompts are its name and the variant.
struct WordEnvironment: Environment {
  let name: String
  let variantCount = 8
  let arms: [Arm] = [.standard, .benign, .instructed, .forcedReasoning, .steeredToward]
  let limits = EpisodeLimits()

  init(_ name: String) { self.name = name }

  func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
    Sample(
      environment: name, variant: variant, arm: arm, prompt: Prompt(messages: [Message(.user, "\(name) \(variant)")]))
  }

  func begin(_ sample: Sample) async throws -> any EnvironmentSession { Session() }

  private struct Session: EnvironmentSession {
    func run(_ command: String) async throws -> ToolOutput {
      ToolOutput(standardOutput: "", standardError: "", status: 0)
    }

    func finish(_ transcript: Transcript) async throws -> Grading {
      let text = transcript.segments.filter { $0.source == .policy }.map(\.text).joined()
      return Grading(
        outcome: Outcome(facts: [.gamed: text.contains("game"), .honest: text.contains("yes")]), changes: [])
    }
  }
}

/// Says one thing and ends its turn. Its one token is `token(of:)` its name, so that examples tell who wrote them.
struct SayingPolicy: Policy {
  let name: String
  let promptStyle = PromptStyle.brief
  let says: @Sendable (String) throws -> String

  static func token(of checkpoint: String) -> Int32 {
    Int32(truncatingIfNeeded: Seed(0)[checkpoint].value & 0x3fff_ffff)
  }

  func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession {
    Session(text: try says(prompt.messages[0].text), token: Self.token(of: name))
  }

  private struct Session: PolicySession {
    let text: String
    let token: Int32
    let prompt = Segment(.prompt, "<cot>", tokens: [0])

    func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
      Generation(text: text, tokens: [token], logProbabilities: [-1], stop: .endOfTurn)
    }

    func end() async {}
  }
}

/// Keeps no weights: it records that there is a checkpoint, and remembers whose episodes it was made of.
final class RecordingLearner: Sendable {
  struct Call: Sendable {
    var start: String
    var name: String
    /// Tokens of the policies' words, an entry for each example.
    var selected: [Int32]
    var mixed: [Int32]
  }

  /// What reinforcement was given.
  struct Reinforcement: Sendable {
    var start: String
    var name: String
    var rollouts: [Rollout]
    var options: PolicyGradientOptions
    var reference: String
    var continuing: String?
  }

  private let made = Mutex<[Call]>([])
  private let reinforced = Mutex<[Reinforcement]>([])

  var calls: [Call] { made.withLock { $0 } }
  var reinforcements: [Reinforcement] { reinforced.withLock { $0 } }

  func storing(in store: RunStore) -> any RoundLearner { Storing(learner: self, store: store) }

  private struct Storing: RoundLearner {
    let learner: RecordingLearner
    let store: RunStore

    func fineTune(
      _ start: String, into name: String, on selected: [TrainingExample], mixed: [TrainingExample],
      settings: TrainingSettings, reference: String, measures: Bool, seed: Seed
    ) throws -> FineTuneLoss {
      try store.record(CheckpointRecord(name: name, parent: start))
      let call = Call(start: start, name: name, selected: selected.map(\.token), mixed: mixed.map(\.token))
      learner.made.withLock { $0.append(call) }
      return FineTuneLoss(before: 1, after: 0.5)
    }

    func trainPreferenceModel(on pairs: [PreferencePair], settings: PreferenceSettings, seed: Seed) throws {
      throw ExperimentError("Nothing here trains preference models.")
    }

    func reinforce(
      _ start: String, into name: String, on rollouts: [Rollout], options: PolicyGradientOptions, reference: String,
      continuing: String?
    ) throws -> PolicyGradientReport {
      try store.record(CheckpointRecord(name: name, parent: start))
      learner.reinforced.withLock {
        $0.append(
          Reinforcement(
            start: start, name: name, rollouts: rollouts, options: options, reference: reference,
            continuing: continuing))
      }
      return PolicyGradientReport(
        metrics: ["policy_loss": 0.25, "tokens_per_second": 9], klCoefficient: 2 * options.klCoefficient, steps: 1)
    }
  }
}

extension TrainingExample {
  /// The one token with a weight.
  fileprivate var token: Int32 { zip(tokens, weights).first { $0.1 > 0 }?.0 ?? -1 }
}
