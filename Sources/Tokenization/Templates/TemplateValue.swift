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
  ///
  /// - Throws: a `ModelError` for lists in lists without end, and for a text longer than a dialogue can be.
  var text: TemplateText { get throws { try printed(depth: 0) } }

  private func printed(depth: Int) throws -> TemplateText {
    switch self {
    case .text(let text): return text
    case .undefined: return TemplateText()
    case .none: return TemplateText("None")
    case .boolean(let value): return TemplateText(value ? "True" : "False")
    case .integer(let value): return TemplateText("\(value)")
    case .number(let value): return TemplateText("\(value)")
    case .list(let list): return try Self.enclosed(list.values, "[", "]") { try $0.quoted(depth: depth) }
    case .dictionary(let dictionary):
      return try Self.enclosed(dictionary.items, "{", "}") { item in
        try item.key.quoted(depth: depth) + TemplateText(": ") + item.value.quoted(depth: depth)
      }
    case .macro(let macro): return TemplateText("<macro \(macro.name)>")
    }
  }

  /// What printing it inside a list gives.
  private func quoted(depth: Int) throws -> TemplateText {
    guard depth < Self.depthLimit else { throw ModelError("its lists are nested too deeply") }
    guard case .text(let text) = self else { return try printed(depth: depth + 1) }
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

  static let depthLimit = 20
  static let countLimit = 100_000

  /// Members in brackets. It stops at the first that makes the text too long: members may be lists of lists.
  static func enclosed<Member>(
    _ members: [Member], _ opening: String, _ closing: String, by separator: TemplateText = TemplateText(", "),
    _ print: (Member) throws -> TemplateText
  ) throws -> TemplateText {
    var text = TemplateText(opening)
    for (index, member) in members.enumerated() {
      if index > 0 { text.units += separator.units }
      text.units += try print(member).units
      try text.checkLength()
    }
    return text + TemplateText(closing)
  }

  /// The value in a few words, for errors, and as the key of a dictionary.
  var shown: String {
    switch self {
    case .list: "a list"
    case .dictionary: "a dictionary"
    default: (try? text.string) ?? ""
    }
  }

  /// The number, where it is one; true and false are numbers in Python.
  var asNumber: Double? {
    switch self {
    case .boolean(let value): value ? 1 : 0
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// - Throws: a `ModelError` for lists in lists without end.
  func isEqual(_ other: TemplateValue, depth: Int = 0) throws -> Bool {
    guard depth < Self.depthLimit else { throw ModelError("its lists are nested too deeply") }
    switch (self, other) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.text(let left), .text(let right)): return left.plain == right.plain
    case (.list(let left), .list(let right)):
      guard left !== right else { return true }
      return try left.values.count == right.values.count
        && zip(left.values, right.values).allSatisfy { try $0.isEqual($1, depth: depth + 1) }
    case (.dictionary(let left), .dictionary(let right)):
      guard left !== right else { return true }
      return try left.keys.count == right.keys.count
        && left.items.allSatisfy { item in
          try right[item.key].map { try $0.isEqual(item.value, depth: depth + 1) } ?? false
        }
    default:
      return if let left = asNumber, let right = other.asNumber { left == right } else { false }
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
    default: throw ModelError("'\(shown.prefix(40))' is not a list")
    }
  }

  func contains(_ value: TemplateValue) throws -> Bool {
    switch (self, value) {
    case (.text(let text), .text(let sought)): text.contains(sought)
    case (.dictionary(let dictionary), _): dictionary[value] != nil
    default: try elements().contains { try $0.isEqual(value) }
    }
  }
}
