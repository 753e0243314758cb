package import Episodes

/// Two answers to one prompt, of which somebody preferred the first.
package struct PreferencePair: Sendable, Codable, Hashable {
  package var prompt: [Message]
  package var chosen: String
  package var rejected: String
  /// By how much the chosen answer's score should exceed the other's at least; `nil` is 0.
  package var margin: Double?
  /// What is compared, for example `honest`; figures are given for each kind.
  package var kind: String?

  package init(prompt: [Message], chosen: String, rejected: String, margin: Double? = nil, kind: String? = nil) {
    self.prompt = prompt
    self.chosen = chosen
    self.rejected = rejected
    self.margin = margin
    self.kind = kind
  }
}
