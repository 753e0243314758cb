package import Episodes

/// How probable one fixed text is at the decision point of one prompt variant (teacher forcing).
package struct ContinuationScore: Sendable, Codable, Hashable {
  package var checkpoint: String
  package var environment: String
  package var variant: Int
  package var kind: Continuations.Kind
  /// Its place among the texts of its kind, counted from 0.
  package var place: Int
  /// SHA-256 of the text, so that scores of another text are never taken for it.
  package var digest: String
  package var tokens: Int
  /// Natural log, summed over the tokens.
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
    digest = StoredDigest.hexadecimal(of: text)
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
