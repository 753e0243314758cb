/// What an expression of a template is worth, as in Python.
enum TemplateValue {
  case undefined
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(TemplateText)
  case list(List)
  case dictionary(Dictionary)
  case macro(TemplateStatement.Macro)

  /// A list, which templates append to.
  final class List {
    var values: [TemplateValue]

    init(_ values: [TemplateValue]) { self.values = values }
  }

  /// A dictionary or a namespace, in the order in which its keys came.
  final class Dictionary {
    private(set) var keys: [TemplateValue] = []
    private var byKey: [String: TemplateValue] = [:]

    init(_ members: [(TemplateValue, TemplateValue)] = []) { for (key, value) in members { self[key] = value } }

    subscript(key: TemplateValue) -> TemplateValue? {
      get { byKey[key.shown] }
      set {
        if byKey[key.shown] == nil { keys.append(key) }
        byKey[key.shown] = newValue
      }
    }

    subscript(name: String) -> TemplateValue? {
      get { byKey[name] }
      set { self[.init(name)] = newValue }
    }

    /// Keys with their values, in order.
    var items: [(key: TemplateValue, value: TemplateValue)] { keys.map { ($0, self[$0] ?? .undefined) } }
  }

  init(_ text: String) { self = .text(TemplateText(text)) }

  init(_ values: [TemplateValue]) { self = .list(List(values)) }

  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .number(let value): value != 0
    case .text(let text): !text.units.isEmpty
    case .list(let list): !list.values.isEmpty
    case .dictionary(let dictionary): !dictionary.keys.isEmpty
    case .macro: true
    }
  }

  /// What printing it gives.
  var text: TemplateText {
    switch self {
    case .text(let text): text
    case .undefined: TemplateText()
    case .none: TemplateText("None")
    case .boolean(let value): TemplateText(value ? "True" : "False")
    case .integer(let value): TemplateText("\(value)")
    case .number(let value): TemplateText("\(value)")
    case .list(let list): Self.joined(list.values.map(\.quoted), "[", "]")
    case .dictionary(let dictionary):
      Self.joined(dictionary.items.map { $0.key.quoted + TemplateText(": ") + $0.value.quoted }, "{", "}")
    case .macro(let macro): TemplateText("<macro \(macro.name)>")
    }
  }

  /// What printing it inside a list gives.
  private var quoted: TemplateText {
    guard case .text(let text) = self else { return self.text }
    let quote = text.string.contains("'") && !text.string.contains("\"") ? "\"" : "'"
    let inside = text.mapped { scalar in
      switch scalar {
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\t": "\\t"
      case "\r": "\\r"
      case "'" where quote == "'": "\\'"
      default: String(scalar)
      }
    }
    return TemplateText(quote) + inside + TemplateText(quote)
  }

  static func joined(_ parts: [TemplateText], _ opening: String, _ closing: String) -> TemplateText {
    let inside = parts.enumerated().reduce(into: TemplateText()) { sum, part in
      sum = sum + (part.offset > 0 ? TemplateText(", ") : TemplateText()) + part.element
    }
    return TemplateText(opening) + inside + TemplateText(closing)
  }

  /// The printed text without what it comes from.
  var shown: String { text.string }

  /// The number, where it is one; true and false are numbers in Python.
  var asNumber: Double? {
    switch self {
    case .boolean(let value): value ? 1 : 0
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  func isEqual(_ other: TemplateValue) -> Bool {
    switch (self, other) {
    case (.undefined, .undefined), (.none, .none): true
    case (.text(let left), .text(let right)): left.plain == right.plain
    case (.list(let left), .list(let right)):
      left.values.count == right.values.count && zip(left.values, right.values).allSatisfy { $0.isEqual($1) }
    case (.dictionary(let left), .dictionary(let right)):
      left === right
        || left.keys.count == right.keys.count
          && left.items.allSatisfy { item in right[item.key].map { $0.isEqual(item.value) } ?? false }
    default:
      if let left = asNumber, let right = other.asNumber { left == right } else { false }
    }
  }

  /// Whether it comes before the other.
  ///
  /// - Throws: a `ModelError` for values that have no order.
  func isLess(_ other: TemplateValue) throws -> Bool {
    if let left = asNumber, let right = other.asNumber { return left < right }
    if case .text(let left) = self, case .text(let right) = other {
      return left.plain.lexicographicallyPrecedes(right.plain)
    }
    throw ModelError("'\(shown.prefix(40))' and '\(other.shown.prefix(40))' have no order")
  }

  /// The values that a loop runs over.
  func elements() throws -> [TemplateValue] {
    switch self {
    case .undefined: []
    case .list(let list): list.values
    case .dictionary(let dictionary): dictionary.keys
    case .text(let text): text.units.map { .text(TemplateText(units: [$0])) }
    default: throw ModelError("'\(shown.prefix(40))' is no list")
    }
  }

  func contains(_ value: TemplateValue) throws -> Bool {
    switch (self, value) {
    case (.text(let text), .text(let sought)): text.contains(sought)
    case (.dictionary(let dictionary), _): dictionary[value] != nil
    default: try elements().contains { $0.isEqual(value) }
    }
  }
}
