/// The names of one or several environments; in a file, a name or a list of names.
package struct EnvironmentNames: Sendable, Hashable {
  package var names: [String]

  package init(_ names: [String]) { self.names = names }
}

extension EnvironmentNames: ExpressibleByStringLiteral {
  package init(stringLiteral name: String) { names = [name] }
}

// A single name is written as such, as it was before there could be several.
extension EnvironmentNames: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let name = try? container.decode(String.self) {
      names = [name]
    } else {
      names = try container.decode([String].self)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if names.count == 1 { try container.encode(names[0]) } else { try container.encode(names) }
  }
}
