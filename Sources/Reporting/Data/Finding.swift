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
    /// Damage, or something that limits the other findings.
    case warning
  }

  package var kind: Kind
  package var tone: Tone
  /// What it is about, for example an environment and a measure.
  package var topic: String
  package var words: LinkedText
  /// The difference of two rates that it states; `nil` where it states none.
  package var difference: Double?

  /// The words without their links.
  package var text: String { words.plain }

  init(_ kind: Kind, _ tone: Tone, topic: String, _ words: LinkedText, difference: Double? = nil) {
    self.kind = kind
    self.tone = tone
    self.topic = topic
    self.words = words
    self.difference = difference
  }
}
