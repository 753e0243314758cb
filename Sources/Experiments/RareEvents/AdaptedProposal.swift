import Episodes
import LanguageModels
import Policies
import Storage
import Tokenization
import Training

/// Makes a proposal of the target: it plays an arm where the event is frequent, and learns its episodes with the event as if
/// it had written all of them under the prompt of the arm that is measured. One step of the cross-entropy method
/// (Rubinstein, Methodology and Computing in Applied Probability 1, 1999), with that arm in the place of its first sample.
struct AdaptedProposal {
  let checkpoints: CheckpointLibrary
  let environment: any Environment
  /// The arm that is measured.
  let arm: Arm
  /// Makes the event likelier, best first: the event, then what comes before it.
  let events: [Episodes.Predicate]
  let seed: Seed
  let concurrency: Int
  let report: @Sendable (RunEvent) -> Void

  static let pilot = "importance-pilot"
  /// So many episodes with an event are enough to learn from.
  static let fewest = 10

  /// Plays the arm and trains the checkpoint `name`, both once in the life of the run.
  ///
  /// - Throws: an `ExperimentError` when no event is seen often enough.
  func make(_ name: String, from source: Arm, episodes count: Int, epochs: Int) async throws {
    let policy = try await checkpoints.policy(CheckpointLibrary.start)
    let keys = EpisodePlan.keys(
      count, over: Array(0..<environment.variantCount), checkpoint: policy.name, environment: environment.name,
      arm: source, purpose: Self.pilot)
    let runner = EpisodeRunner(store: checkpoints.store, root: seed, concurrency: concurrency, report: report)
    try await runner.run(
      keys, title: "\(Self.pilot) \(environment.name) \(source.rawValue)", environment: environment, policy: policy)
    if try checkpoints.store.checkpoint(name) != nil { return }
    let learnt = try selected(from: checkpoints.store.episodes(keys), of: source).map(example)
    let options = FineTuneOptions(epochs: epochs, seed: seed[name])
    try checkpoints.fineTune(CheckpointLibrary.start, into: name, on: learnt, options: options, report: report)
  }

  private func selected(from episodes: [Episode], of source: Arm) throws -> [Episode] {
    for event in events {
      let chosen = episodes.filter { $0.holds(event) }
      if chosen.count >= Self.fewest { return chosen }
    }
    throw ExperimentError(
      "Fewer than \(Self.fewest) of the \(episodes.count) episodes of the arm '\(source.rawValue)' have "
        + events.map(\.rawValue).joined(separator: " or ") + ": adapt a proposal to another arm, or to more episodes.")
  }

  /// Loss on the words that were put into the policy's mouth too. Their tokens stand with those of the tool output behind
  /// them, so both are encoded again.
  private func example(_ episode: Episode) throws -> TrainingExample {
    let prompt = try environment.sample(
      variant: episode.key.variant, arm: arm, style: checkpoints.experiment.sampling.promptStyle
    ).prompt
    let tokenizer = try checkpoints.read(CheckpointLibrary.start).tokenizer
    var example = TrainingExample(tokens: [], weights: [])
    example.append(try checkpoints.render(prompt).tokens, weight: 0)
    for segment in episode.transcript.segments.drop(while: { $0.source == .prompt }) {
      let isOwn = segment.source == .policy
      let tokens =
        isOwn ? segment.tokens : tokenizer.encode(segment.text, specials: .tags, after: example.tokens.last)
      example.append(tokens, weight: isOwn || segment.source == .steered ? 1 : 0)
    }
    return example
  }
}
