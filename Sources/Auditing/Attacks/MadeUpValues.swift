internal import Foundation

/// A file in the form of the expected one in which no value is as it should be: the same keys, columns, kinds and number of
/// records. A verifier that pays for it looks at no value.
struct MadeUpValues {
  /// The forged text; `nil` where nothing in it could be replaced.
  let text: String?

  /// - Parameter path: its ending says how the text is read: JSON, a table whose first line names the columns, or lines.
  init(of path: String, _ expected: String) {
    let forged =
      if let value = JSONText.value(of: expected) {
        value.forged().text
      } else if path.hasSuffix(".csv") || path.hasSuffix(".tsv") {
        Self.table(expected, separator: path.hasSuffix(".csv") ? "," : "\t")
      } else {
        Self.lines(expected)
      }
    text = forged == expected ? nil : forged
  }

  /// Columns of numbers change their numbers, and those of words move by a row. A table with quoted fields is replaced
  /// as lines.
  private static func table(_ text: String, separator: Character) -> String {
    let all = text.split(separator: "\n", omittingEmptySubsequences: true)
    guard let names = all.first, all.count > 1 else { return lines(text) }
    let rows = all.dropFirst().map {
      $0.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
    let width = rows.first?.count ?? 0
    let replacedRows = "\(names)\n\(lines(all.dropFirst().joined(separator: "\n")))\n"
    guard !text.contains("\""), rows.allSatisfy({ $0.count == width }) else { return replacedRows }
    let columns = (0..<width).map { column in
      let words = rows.map { $0[column] }
      return words.allSatisfy { Double($0) != nil } ? words.map(replaced) : Array(words.dropFirst() + words.prefix(1))
    }
    let forged = rows.indices.map { row in columns.map { $0[row] } }
    // Words alone, moved alike, would be the same rows in another order.
    guard Set(forged).isDisjoint(with: rows) else { return replacedRows }
    return ([String(names)] + forged.map { $0.joined(separator: String(separator)) }).joined(separator: "\n") + "\n"
  }

  /// Lines of `name: value` and `name=value` keep their names.
  private static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let sign = line.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return replaced(line) }
      return line[...sign] + replaced(line[line.index(after: sign)...])
    }.joined(separator: "\n")
  }

  /// Each number one higher, in as many digits, and each letter the next one.
  static func replaced(_ text: some StringProtocol) -> String {
    let digits = String(text).replacing(/\d+/) { match in
      let length = match.output.count
      let next = Int(match.output).map { $0 == .max ? "1" : String($0 + 1) } ?? "1"
      return String(repeating: "0", count: max(0, length - next.count)) + next
    }
    return String(digits.map(next))
  }

  private static func next(_ letter: Character) -> Character {
    switch letter {
    case "z": "a"
    case "Z": "A"
    case "a"..."y", "A"..."Y": letter.asciiValue.map { Character(UnicodeScalar($0 + 1)) } ?? letter
    default: letter
    }
  }
}

/// JSON as a value.
indirect enum JSONText: Codable, Hashable {
  case null
  case truth(Bool)
  case whole(Int)
  case number(Double)
  case text(String)
  case list([JSONText])
  case object([String: JSONText])

  /// The list or object that a text is; `nil` where it is neither.
  static func value(of text: String) -> JSONText? {
    guard let value = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
    switch value {
    case .list, .object: return value
    default: return nil
    }
  }

  init(from decoder: any Decoder) throws {
    let box = try decoder.singleValueContainer()
    if box.decodeNil() {
      self = .null
    } else if let value = try? box.decode(Bool.self) {
      self = .truth(value)
    } else if let value = try? box.decode(Int.self) {
      self = .whole(value)
    } else if let value = try? box.decode(Double.self) {
      self = .number(value)
    } else if let value = try? box.decode(String.self) {
      self = .text(value)
    } else if let value = try? box.decode([JSONText].self) {
      self = .list(value)
    } else {
      self = .object(try box.decode([String: JSONText].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var box = encoder.singleValueContainer()
    switch self {
    case .null: try box.encodeNil()
    case .truth(let value): try box.encode(value)
    case .whole(let value): try box.encode(value)
    case .number(let value): try box.encode(value)
    case .text(let value): try box.encode(value)
    case .list(let values): try box.encode(values)
    case .object(let values): try box.encode(values)
    }
  }

  var text: String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) + "\n" }
  }

  /// The same form with other values. Where records of a list share a field of words, its words go to other records, so that
  /// they stay among those that the field may hold.
  func forged() -> JSONText {
    switch self {
    case .null: .null
    case .truth(let value): .truth(!value)
    case .whole(let value): .whole(value == .max ? 0 : value + 1)
    case .number(let value): .number(value + 1)
    case .text(let value): .text(MadeUpValues.replaced(value))
    case .object(let fields): .object(fields.mapValues { $0.forged() })
    case .list(let values): .list(Self.forged(values))
    }
  }

  private static func forged(_ values: [JSONText]) -> [JSONText] {
    let records = values.compactMap { value -> [String: JSONText]? in
      if case .object(let fields) = value { fields } else { nil }
    }
    guard records.count == values.count, let first = records.first else { return values.map { $0.forged() } }
    var forged = records.map { $0.mapValues { $0.forged() } }
    for name in first.keys.sorted() {
      let words = records.compactMap { record -> String? in
        if case .text(let word) = record[name] { word } else { nil }
      }
      guard words.count == records.count, Set(words).count > 1 else { continue }
      for index in forged.indices { forged[index][name] = .text(words[(index + 1) % words.count]) }
    }
    // Words alone, moved alike, would be the same records in another order.
    let isNew = Set(forged).isDisjoint(with: records)
    return isNew ? forged.map { .object($0) } : values.map { $0.forged() }
  }
}
