package import LanguageModels
package import Policies
import Tokenization

/// A model that draws trajectories of importance sampling: the target, or a proposal.
package struct MixturePart: Sendable {
  package let policy: LocalPolicy
  /// What `policy` samples from.
  package let checkpoint: ModelCheckpoint
  /// For people.
  package let title: String

  package init(policy: LocalPolicy, checkpoint: ModelCheckpoint, title: String) {
    self.policy = policy
    self.checkpoint = checkpoint
    self.title = title
  }

  /// Throws an `ExperimentError` unless all parts read and write the same tokens, so that the same ones have a probability
  /// under each, at a temperature where every token has one.
  static func check(_ parts: [MixturePart]) throws {
    guard let target = parts.first?.checkpoint.tokenizer else {
      throw ExperimentError("Importance sampling has nothing to draw from: give the target.")
    }
    for part in parts {
      guard part.policy.temperature > 0 else {
        throw ExperimentError(
          "'\(part.policy.name)' has the temperature \(part.policy.temperature): trajectories need one above 0.")
      }
      guard part.checkpoint.tokenizer.writes(like: target) else {
        throw ExperimentError(
          "The proposal '\(part.policy.name)' has another tokenizer than the target, so that its trajectories have no "
            + "probability under it. Use a checkpoint of the same model.")
      }
    }
  }
}

extension Tokenizer {
  /// Whether the ids of two vocabularies mean the same, and the same text becomes the same ids.
  fileprivate func writes(like other: some Tokenizer) -> Bool {
    let text = "<bash>ls -la /rl_environment</bash><stdout>\nreturn -10\n</stdout>\n I will look."
    return vocabularySize == other.vocabularySize && endOfTurn == other.endOfTurn
      && (0..<Int32(vocabularySize)).allSatisfy {
        decode(bytes: [$0], after: nil) == other.decode(bytes: [$0], after: nil)
      }
      && encode(text, specials: .tags) == other.encode(text, specials: .tags)
  }
}
