import Episodes
import HTTP
import Judging
import Synchronization

/// Gives the scorer of preferences that an experiment names, made once.
final class ScorerLibrary: Sendable {
  private let settings: PreferenceSettings
  private let checkpoints: CheckpointStore
  private let made = Mutex<(any PreferenceScorer)?>(nil)

  init(settings: PreferenceSettings, checkpoints: CheckpointStore) {
    self.settings = settings
    self.checkpoints = checkpoints
  }

  /// The scorer of visible text.
  func scorer() throws -> any PreferenceScorer {
    if let scorer = made.withLock({ $0 }) { return scorer }
    let scorer = try make()
    made.withLock { $0 = scorer }
    return scorer
  }

  /// The same for a condition that shows it the chain of thought.
  func reasoningScorer() throws -> any ReasoningScorer {
    guard let scorer = try scorer() as? any ReasoningScorer else {
      throw ExperimentError(
        "reward.chainOfThought is 'scored', but the preference source '\(settings.source.rawValue)' scores visible text "
          + "only. Use the sources 'trained' or 'model'.")
    }
    return scorer
  }

  private func make() throws -> any PreferenceScorer {
    switch settings.source {
    case .trained, .model: try PreferenceModel(checkpoints.preferenceModel())
    case .judge: RemoteJudge(try JudgeClient(settings.remote, model: settings.judge))
    case .endpoint: try RewardEndpoint(settings.remote)
    }
  }
}

extension PreferenceSettings {
  /// The server, as a client takes it.
  var remote: RemoteSettings {
    RemoteSettings(address: address, keyVariable: keyVariable.isEmpty ? nil : keyVariable)
  }
}
