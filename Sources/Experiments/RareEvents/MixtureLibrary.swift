import Episodes
import LanguageModels
import Policies

/// The models that draw trajectories of importance sampling, kept with the run.
struct MixtureLibrary: Sendable {
  let checkpoints: CheckpointStore
  let sampling: Sampling

  static func proposal(_ number: Int) -> String { "proposal-\(number)" }

  /// The target, then the proposals; those that are checkpoints are copied into the run's folder, or made, once.
  func mixture(_ proposals: [Proposal], adapting adapted: AdaptedProposal) async throws -> [MixturePart] {
    let start = CheckpointStore.start
    let policies = PolicyProvider(checkpoints: checkpoints, sampling: sampling)
    let target = MixturePart(
      policy: try policies.policy(start), checkpoint: try checkpoints.read(start), title: "target")
    var parts = [target]
    for (index, proposal) in proposals.enumerated() {
      let name = Self.proposal(index + 1)
      switch proposal {
      case .temperature(let temperature):
        let policy = LocalPolicy(
          name: name, engine: target.policy.engine, temperature: Float(temperature),
          promptStyle: target.policy.promptStyle)
        parts.append(MixturePart(policy: policy, checkpoint: target.checkpoint, title: "temperature \(temperature)"))
      case .checkpoint(let source):
        try checkpoints.install(source, as: name)
        parts.append(try part(name, like: target, title: source))
      case .adapted(let stages, let episodes, let epochs):
        parts += try await adapted.make(name, from: parts, stages: stages, episodes: episodes, epochs: epochs)
      }
    }
    return parts
  }

  /// A checkpoint of the run that draws as the target does.
  func part(_ name: String, like target: MixturePart, title: String) throws -> MixturePart {
    let checkpoint = try checkpoints.read(name)
    let options = sampling.engineOptions
    let policy = LocalPolicy(
      name: name, engine: try SamplingEngine(checkpoint, options: options), temperature: target.policy.temperature,
      promptStyle: target.policy.promptStyle)
    return MixturePart(policy: policy, checkpoint: checkpoint, title: title)
  }
}
