/// A setting with a fixed set of names, such as an algorithm. Decoding any other value throws an error that lists the
/// names.
package protocol NamedChoice: RawRepresentable<String>, CaseIterable, Codable, Sendable {}

extension NamedChoice {
  /// - Throws: `DecodingError.dataCorrupted` with the allowed names.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.singleValueContainer()
    let name = try values.decode(String.self)
    guard let choice = Self(rawValue: name) else {
      let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(in: values, debugDescription: "'\(name)' is not one of \(known)")
    }
    self = choice
  }
}
