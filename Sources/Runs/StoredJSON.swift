import Foundation

/// The only JSON dialect of stored runs.
///
/// Keys are sorted, so that equal values produce equal texts. Infinities and NaN are strings, because JSON has no
/// numbers for them and a missing number must not be read back as 0.
package enum StoredJSON {
  /// Encodes a value; `pretty` puts every setting on a line of its own.
  package static func text(_ value: some Encodable, pretty: Bool = false) throws -> String {
    String(decoding: try (pretty ? prettyEncoder : encoder).encode(value), as: UTF8.self)
  }

  /// Decodes a value.
  package static func value<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
    try decoder.decode(type, from: Data(text.utf8))
  }

  private static let encoder = encoder([.sortedKeys, .withoutEscapingSlashes])
  private static let prettyEncoder = encoder([.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])

  private static let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }()

  private static func encoder(_ formatting: JSONEncoder.OutputFormatting) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}
