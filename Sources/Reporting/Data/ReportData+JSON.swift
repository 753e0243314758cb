import Foundation

extension ReportData {
  /// The report as JSON with sorted keys. A loss that is no finite number is written as `"inf"`, `"-inf"` or `"nan"`.
  ///
  /// - Throws: an encoding error; none is known that a report could cause.
  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
