/// One sentence or two that the numbers support, in plain words.
package struct Finding: Sendable, Codable, Hashable {
  package enum Kind: String, Sendable, Codable {
    case gate, sequences, trained, spread, heldOut, condition, trainAway, monitor, honest, twin, limit
  }

  /// How it should be read.
  package enum Tone: String, Sendable, Codable {
    /// A clear difference, or a condition that is met.
    case clear
    /// A null result, or nothing can be concluded.
    case unclear
    /// Something that limits the other findings.
    case warning
  }

  package var kind: Kind
  package var tone: Tone
  /// What it is about, for example an environment and a measure.
  package var topic: String
  package var text: String

  init(_ kind: Kind, _ tone: Tone, topic: String, _ text: String) {
    self.kind = kind
    self.tone = tone
    self.topic = topic
    self.text = text
  }
}
