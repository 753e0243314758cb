package import Episodes

/// Who else than the target draws trajectories of importance sampling.
package enum Proposal: Sendable, Codable, Hashable {
  /// The target at another temperature; above that of the target it wanders more.
  case temperature(Double)
  /// Another checkpoint with the same tokenizer: a path or a name as the target's.
  case checkpoint(String)
  /// The target, fine-tuned on what it does in another arm where the event is frequent: the tokens that were put into its
  /// mouth there become its own under the prompt of the arm that is measured.
  ///
  /// - Parameters:
  ///   - arm: where the event is frequent.
  ///   - episodes: how many episodes of it are played.
  ///   - epochs: how often the ones with the event are learnt.
  case adapted(arm: Arm, episodes: Int, epochs: Int)
}

extension Proposal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .temperature(let value): "temperature \(value)"
    case .checkpoint(let name): name
    case .adapted(let arm, let episodes, let epochs):
      "adapted to \(arm.rawValue), \(episodes) episodes, \(epochs) epochs"
    }
  }
}
