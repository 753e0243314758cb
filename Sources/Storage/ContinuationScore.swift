internal import Digests
internal import Foundation
package import Episodes

/// The probability of one fixed text at the decision point of one prompt variant (teacher forcing).
package struct ContinuationScore: Sendable, Codable, Hashable {
  package var checkpoint: String
  package var environment: String
  package var variant: Int
  package var kind: Continuations.Kind
  /// The text's position among the texts of its kind, from 0.
  package var place: Int
  /// The SHA-256 digest of the text. The digest keeps scores of different texts apart.
  package var digest: String
  package var tokens: Int
  /// The natural-log probability, summed over the tokens.
  package var logProbability: Double

  package init(
    checkpoint: String, environment: String, variant: Int, kind: Continuations.Kind, place: Int, text: String,
    tokens: Int, logProbability: Double
  ) {
    self.checkpoint = checkpoint
    self.environment = environment
    self.variant = variant
    self.kind = kind
    self.place = place
    digest = Digest.hexadecimalSHA256(Data(text.utf8))
    self.tokens = tokens
    self.logProbability = logProbability
  }

  init(
    checkpoint: String, environment: String, variant: Int, kind: Continuations.Kind, place: Int, digest: String,
    tokens: Int, logProbability: Double
  ) {
    self.checkpoint = checkpoint
    self.environment = environment
    self.variant = variant
    self.kind = kind
    self.place = place
    self.digest = digest
    self.tokens = tokens
    self.logProbability = logProbability
  }
}
