import Episodes
import Foundation
import LanguageModels
import Policies
import Runs
import Storage
import Training

/// How far a server's log-probabilities of its own draws are from the trainer's, in nats.
struct SamplerProbe: Sendable, Codable {
  /// The mean of the absolute differences.
  var mean: Double
  var largest: Double
  /// How many tokens were compared.
  var tokens: Int
}

extension StepFamily<SamplerProbe> {
  /// What the first probe of a checkpoint found, by the checkpoint's name.
  static let samplerProbes = StepFamily("sampler_probe")
}

/// Gives the policies that servers sample from, each checked once: what servers say of their draws has to be what the trainer says
/// of them.
actor ServerPolicies {
  private let checkpoints: CheckpointStore
  private let sampling: Sampling
  private let servers: SamplingServers
  private let tolerance: Double
  private let note: @Sendable (String) -> Void
  private var current: (name: String, policy: ServerPolicy)?

  /// Draws that are compared.
  private static let (answers, tokens) = (16, 48)

  /// - Throws: an error when a setting cannot be or a key is missing.
  init(
    checkpoints: CheckpointStore, sampling: Sampling, sampler: SamplerSettings,
    note: @escaping @Sendable (String) -> Void
  ) throws {
    self.checkpoints = checkpoints
    self.sampling = sampling
    servers = try SamplingServers(sampler, run: Self.name(of: checkpoints.store.folder))
    tolerance = sampler.tolerance
    self.note = note
  }

  /// A name for the run in this folder that no other run has: two may share a start, a seed and the servers.
  private static func name(of folder: URL) -> String {
    let place = "\(ProcessInfo.processInfo.hostName) \(folder.standardizedFileURL.path)"
    return "r" + String(Seed(0)[place].value, radix: 36).prefix(8)
  }

  /// A policy that samples from a checkpoint.
  func policy(_ name: String) async throws -> ServerPolicy {
    if let current, current.name == name { return current.policy }
    let checkpoint = try checkpoints.read(name)
    let policy = try await servers.policy(
      checkpoint, named: name,
      place: name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined(),
      temperature: Float(sampling.temperature), promptStyle: sampling.promptStyle)
    try await probe(policy, checkpoint)
    current = (name, policy)
    return policy
  }

  /// Compares the log-probabilities of fresh draws with the trainer's.
  ///
  /// - Throws: an `ExperimentError` when they differ by more than the tolerance on average.
  private func probe(_ policy: ServerPolicy, _ checkpoint: ModelCheckpoint) async throws {
    let rollouts = try await withThrowingTaskGroup(of: Rollout.self) { group in
      for number in 0..<Self.answers {
        group.addTask { try await Self.draw(policy, number) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let scored = try RolloutScorer(checkpoint, temperature: Float(sampling.temperature)).logProbabilities(of: rollouts)
    let differences = zip(rollouts, scored).flatMap { rollout, here in
      let there = zip(rollout.logProbabilities ?? [], rollout.isAction).filter(\.1).map(\.0)
      return zip(there, here).map { abs(Double($0) - Double($1)) }
    }
    guard !differences.isEmpty else { throw ExperimentError("The servers drew nothing for the first prompts.") }
    let found = SamplerProbe(
      mean: differences.reduce(0, +) / Double(differences.count), largest: differences.max() ?? 0,
      tokens: differences.count)
    let numbers =
      String(
        format: "mean %.2g, largest %.2g nats over %d tokens", found.mean, found.largest, found.tokens)
    guard found.mean <= tolerance else {
      throw ExperimentError(
        "The servers' log-probabilities of '\(policy.name)' differ from the trainer's: \(numbers), and engine.sampler.tolerance is "
          + "\(tolerance). Likely causes: log-probabilities before the temperature (start vLLM with --logprobs-mode "
          + "processed_logprobs, SGLang without SGLANG_RETURN_ORIGINAL_LOGPROB), another model or another quantisation "
          + "on the servers, an adapter that was not loaded, or a limit on the tokens that are drawn from.")
    }
    // A later process probes again, and servers do not repeat themselves to the last bit.
    let step = StepFamily.samplerProbes[policy.name]
    if try checkpoints.store.result(of: step) == nil { try checkpoints.store.finish(step, result: found) }
    note("servers and trainer on '\(policy.name)': log-probabilities differ by \(numbers)")
  }

  private static func draw(_ policy: ServerPolicy, _ number: Int) async throws -> Rollout {
    let prompt = Prompt(messages: [Message(.user, questions[number % questions.count])], opening: "")
    let session = try await policy.begin(prompt, seed: Seed(0)["sampler probe"][number])
    let drawn = try await session.generate(injecting: "", stops: [], maxTokens: tokens)
    await session.end()
    return Rollout(
      Transcript([
        session.prompt, Segment(.policy, drawn.text, tokens: drawn.tokens, logProbabilities: drawn.logProbabilities),
      ]))
  }

  private static let questions = [
    "What is the capital of Norway?", "List three colours.", "Write a short poem about rain.", "What is 17 times 3?",
    "Name a tool and say what it is for.", "How do I list the files of a folder?", "Say hello in five languages.",
    "Why is the sky blue?",
  ]
}
