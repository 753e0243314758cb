import Runs

/// A JSON value whose objects keep the order of their keys.
///
/// Readers of Inspect's logs stop at certain keys, so the order matters; and a tree of these is written several times faster
/// than the general encoder writes it.
package indirect enum OrderedJSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int)
  /// Infinities and NaN are written as strings, as in stored runs: JSON has no numbers for them.
  case number(Double)
  /// A number that was measured in single precision, with no more digits than that holds.
  case single(Float)
  case string(String)
  case array([OrderedJSON])
  case members([Member])

  /// A key of an object with its value.
  package struct Member: Sendable, Hashable {
    package var key: String
    package var value: OrderedJSON
  }

  /// An object of these keys; keys with the value `nil` are left out.
  package static func object(_ members: KeyValuePairs<String, OrderedJSON?>) -> OrderedJSON {
    .members(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
  }

  /// An object of these keys in this order.
  package static func pairs(_ members: some Sequence<(String, OrderedJSON)>) -> OrderedJSON {
    .members(members.map { Member(key: $0.0, value: $0.1) })
  }

  /// An object without keys.
  package static let empty = OrderedJSON.members([])

  package static func strings(_ texts: some Sequence<String>) -> OrderedJSON { .array(texts.map(OrderedJSON.string)) }

  package static func integers(_ numbers: some Sequence<some BinaryInteger>) -> OrderedJSON {
    .array(numbers.map { .integer(Int($0)) })
  }

  /// The value as UTF-8, without white space.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }

  package func append(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += String(value).utf8
    case .number(let value): Self.append(value.description, isFinite: value.isFinite, to: &bytes)
    case .single(let value): Self.append(value.description, isFinite: value.isFinite, to: &bytes)
    case .string(let text): JSONString.append(text, to: &bytes)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        value.append(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .members(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONString.append(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.append(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func append(_ number: String, isFinite: Bool, to bytes: inout [UInt8]) {
    if isFinite { bytes += number.utf8 } else { JSONString.append(number, to: &bytes) }
  }
}

extension OrderedJSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
}
