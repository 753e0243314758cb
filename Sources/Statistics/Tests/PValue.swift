import RealModule

/// A probability under a null hypothesis, kept as a logarithm because 2,000 clear differences in 2,000 trials are
/// 1e-1202, which no `Double` holds.
package struct PValue: Sendable, Hashable, Comparable {
  package var naturalLog: Double

  package init(naturalLog: Double) { self.naturalLog = naturalLog }

  /// The probability itself; 0 when it is too small for a `Double`.
  package var value: Double { Double.exp(naturalLog) }

  package static func < (left: PValue, right: PValue) -> Bool { left.naturalLog < right.naturalLog }
}

extension PValue: Codable {
  private enum CodingKeys: String, CodingKey { case naturalLog, value }

  package init(from decoder: any Decoder) throws {
    naturalLog = try decoder.container(keyedBy: CodingKeys.self).decode(Double.self, forKey: .naturalLog)
  }

  /// The logarithm, and the value for readers who do not need more.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(naturalLog, forKey: .naturalLog)
    try container.encode(value, forKey: .value)
  }
}

extension PValue: CustomStringConvertible {
  /// Two significant digits: `0.13`, `0.0013`, `4.4e-28`, `1.2e-1202`.
  package var description: String {
    if value >= 0.9995 { return "1" }
    var exponent = Int((naturalLog / Double.log(10)).rounded(.down))
    var digits = Int((Double.exp(naturalLog - Double(exponent) * Double.log(10)) * 10).rounded())
    if digits == 100 { (digits, exponent) = (10, exponent + 1) }
    if exponent >= -4 { return "0." + String(repeating: "0", count: -exponent - 1) + "\(digits)" }
    return "\(digits / 10).\(digits % 10)e\(exponent)"
  }
}
