import Foundation

/// The one JSON dialect of what is reported: sorted keys; a number that is not finite is `"inf"`, `"-inf"` or `"nan"`.
package enum ReportJSON {
  /// - Throws: an encoding error; none is known that a report could cause.
  package static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
