extension TemplateValue {
  /// `value | name(arguments)`
  ///
  /// - Throws: a `ModelError` for a filter that is not known, or a value that it does not fit.
  func filtered(_ name: String, _ arguments: TemplateArguments) throws -> TemplateValue {
    switch name {
    case "trim": return .text(try text.stripped(arguments.text(0, "chars")))
    case "upper": return .text(try text.mapped { $0.properties.uppercaseMapping })
    case "lower": return .text(try text.mapped { $0.properties.lowercaseMapping })
    case "capitalize": return .text(try text.capitalized)
    case "title": return .text(try text.titled)
    case "string": return .text(try text)
    case "safe", "escape", "e": return self
    case "replace":
      return .text(
        try text.replacing(
          arguments.needText(0), with: arguments.needText(1), limit: arguments.integer(2, "count") ?? .max))
    case "indent": return .text(try indented(arguments))
    case "tojson": return .text(try json(indent: arguments.integer(0, "indent")))
    case "default", "d":
      let fallback = arguments[0, "default_value"] ?? .init("")
      let isFalseToo = arguments[1, "boolean"]?.isTrue ?? false
      if case .undefined = self { return fallback }
      return isFalseToo && !isTrue ? fallback : self
    case "int", "float": return try number(isInteger: name == "int", arguments)
    case "abs": return try isLess(.integer(0)) ? .arithmetic("-", .integer(0), self) : self
    case "round": return .number(((asNumber ?? 0)).rounded())
    case "length", "count":
      if case .text(let text) = self { return .integer(text.units.count) }
      return .integer(try elements().count)
    case "items":
      if case .undefined = self { return .init([]) }
      return try calling("items", arguments)
    default: return try listFiltered(name, arguments)
    }
  }

  private func listFiltered(_ name: String, _ arguments: TemplateArguments) throws -> TemplateValue {
    let values = try elements()
    switch name {
    case "first": return values.first ?? .undefined
    case "last": return values.last ?? .undefined
    case "list": return .init(values)
    case "reverse":
      if case .text(let text) = self { return .text(TemplateText(units: text.units.reversed())) }
      return .init(values.reversed())
    case "join":
      let members = try arguments.text(1, "attribute").map { name in try values.map { try $0.member(name.string) } }
      return try Self.joined(members ?? values, by: arguments.text(0, "d") ?? TemplateText())
    case "sort", "unique":
      if name == "sort" { return .init(try values.sorted { try $0.isLess($1) }) }
      return .init(
        try values.reduce(into: []) { kept, value in
          if try !kept.contains(where: { try $0.isEqual(value) }) { kept.append(value) }
        })
    case "sum": return try values.reduce(.integer(0)) { try .arithmetic("+", $0, $1) }
    case "max", "min":
      let best = try name == "max" ? values.max { try $0.isLess($1) } : values.min { try $0.isLess($1) }
      return best ?? .undefined
    case "dictsort":
      let sorted = try values.sorted { try $0.isLess($1) }
      return .init(try sorted.map { .init([$0, try item($0)]) })
    case "map":
      if let attribute = arguments.text(1, "attribute") {
        return .init(try values.map { try $0.member(attribute.string) })
      }
      let filter = try arguments.needText(0).string
      let rest = TemplateArguments(arguments.unnamed.dropFirst().map { (nil, $0) })
      return .init(try values.map { try $0.filtered(filter, rest) })
    case "select", "reject", "selectattr", "rejectattr": return try selected(values, name, arguments)
    default: throw ModelError("the filter '\(name)' is not known")
    }
  }

  private func selected(
    _ values: [TemplateValue], _ name: String, _ arguments: TemplateArguments
  ) throws -> TemplateValue {
    var rest = arguments.unnamed
    let attribute = name.hasSuffix("attr") && !rest.isEmpty ? rest.removeFirst().shown : nil
    let test = rest.isEmpty ? nil : rest.removeFirst().shown
    let keeps = name.hasPrefix("select")
    return .init(
      try values.filter { value in
        let asked = try attribute.map { try value.member($0) } ?? value
        return try (test.map { try asked.passes($0, rest) } ?? asked.isTrue) == keeps
      })
  }

  static func joined(_ values: [TemplateValue], by separator: TemplateText) throws -> TemplateValue {
    .text(try .joined(values.map { try $0.text }, by: separator))
  }

  private func number(isInteger: Bool, _ arguments: TemplateArguments) throws -> TemplateValue {
    let number = try asNumber ?? Double(text.stripped().string)
    guard let number, number.isFinite, abs(number) < 1e15 else {
      return arguments[0, "default"] ?? (isInteger ? .integer(0) : .number(0))
    }
    return isInteger ? .integer(Int(number)) : .number(number)
  }

  private func indented(_ arguments: TemplateArguments) throws -> TemplateText {
    let space =
      arguments.text(0, "width")
      ?? Self.spaces(arguments.integer(0, "width") ?? 4)
    let first = arguments[1, "first"]?.isTrue ?? false
    let blank = arguments[2, "blank"]?.isTrue ?? false
    let lines = try text.split(by: TemplateText("\n")).enumerated().map { index, line in
      (index == 0 ? first : blank || !line.units.isEmpty) ? space + line : line
    }
    return try .joined(lines, by: TemplateText("\n"))
  }

  private static func spaces(_ count: Int) -> TemplateText {
    TemplateText(String(repeating: " ", count: min(max(0, count), 100)))
  }

  /// JSON as Python's `json.dumps` writes it, with letters of all scripts as they are.
  private func json(indent: Int?, level: Int = 0) throws -> TemplateText {
    guard level < Self.depthLimit else { throw ModelError("its lists are nested too deeply") }
    func block<Member>(
      _ members: [Member], _ brackets: (String, String), _ print: (Member) throws -> TemplateText
    ) throws -> TemplateText {
      guard let indent, !members.isEmpty else { return try Self.enclosed(members, brackets.0, brackets.1, print) }
      let outer = "\n" + String(repeating: Self.spaces(indent).string, count: level)
      let inner = outer + Self.spaces(indent).string
      return try Self.enclosed(
        members, brackets.0 + inner, outer + brackets.1, by: TemplateText("," + inner), print)
    }
    switch self {
    case .undefined, .macro: throw ModelError("JSON of something that is not a value")
    case .none: return TemplateText("null")
    case .boolean(let value): return TemplateText(value ? "true" : "false")
    case .integer, .number: return try text
    case .text(let text): return TemplateText("\"") + text.mapped(Self.escaped) + TemplateText("\"")
    case .list(let list): return try block(list.values, ("[", "]")) { try $0.json(indent: indent, level: level + 1) }
    case .dictionary(let dictionary):
      return try block(dictionary.items, ("{", "}")) { item in
        try TemplateValue.text(item.key.text).json(indent: nil) + TemplateText(": ")
          + item.value.json(indent: indent, level: level + 1)
      }
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case "\u{8}": return "\\b"
    case "\u{C}": return "\\f"
    default:
      guard scalar.value < 0x20 else { return String(scalar) }
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}

extension TemplateText {
  fileprivate var capitalized: TemplateText {
    self[0..<min(1, units.count)].mapped { $0.properties.titlecaseMapping }
      + self[min(1, units.count)..<units.count].mapped { $0.properties.lowercaseMapping }
  }

  /// Each word capitalised, as Python's `title()` has it.
  fileprivate var titled: TemplateText {
    var isInside = false
    return mapped { scalar in
      defer { isInside = scalar.properties.isCased }
      return isInside ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
    }
  }
}
