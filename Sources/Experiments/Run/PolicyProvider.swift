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
