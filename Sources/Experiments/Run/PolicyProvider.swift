import LanguageModels
import Policies
import Synchronization

/// Loads checkpoints as policies that sample. The one that acted last stays loaded, because most work uses it many times.
final class PolicyProvider: Sendable {
  private let checkpoints: CheckpointStore
  private let sampling: Sampling
  private let loaded = Mutex<(name: String, policy: LocalPolicy)?>(nil)

  init(checkpoints: CheckpointStore, sampling: Sampling) {
    self.checkpoints = checkpoints
    self.sampling = sampling
  }

  /// Describes the sampler's work since `start` in a sentence for the log; `nil` when nothing was sampled.
  func work(since start: ContinuousClock.Instant) async -> String? {
    guard let engine = loaded.withLock({ $0?.policy.engine }) else { return nil }
    let (work, time) = (await engine.statistics, ContinuousClock.now - start)
    guard work.openedRows > 0 else { return nil }
    func each(_ tokens: Int) -> Int { max(0, tokens) / work.openedRows }
    let share = Int((100 * (work.computing / time)).rounded())
    // Tokens that were written are read once more, to go on from them.
    return "sampler: computed in \(share) % of the time; an episode wrote \(each(work.drawnTokens)) tokens and read "
      + "\(each(work.readTokens - work.drawnTokens)) that were new; its prompt has \(each(work.promptTokens))"
  }

  /// A policy that samples from a checkpoint as the run's settings say.
  func policy(_ name: String) throws -> LocalPolicy {
    if let policy = loaded.withLock({ $0?.name == name ? $0?.policy : nil }) { return policy }
    let policy = LocalPolicy(
      name: name,
      engine: try SamplingEngine(
        checkpoints.read(name), options: sampling.engineOptions),
      temperature: Float(sampling.temperature), promptStyle: sampling.promptStyle)
    loaded.withLock { $0 = (name, policy) }
    return policy
  }
}
