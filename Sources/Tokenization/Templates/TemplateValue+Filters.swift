extension TemplateValue {
  /// `value | name(arguments)`
  ///
  /// - Throws: a `ModelError` for a filter that is not known, or a value that it does not fit.
  func filtered(_ name: String, _ arguments: TemplateArguments) throws -> TemplateValue {
    switch name {
    case "trim": return .text(text.stripped(arguments.text(0, "chars")))
    case "upper": return .text(text.mapped { $0.properties.uppercaseMapping })
    case "lower": return .text(text.mapped { $0.properties.lowercaseMapping })
    case "capitalize": return .text(text.capitalized)
    case "title": return .text(text.titled)
    case "string": return .text(text)
    case "safe", "escape", "e": return self
    case "replace":
      return .text(
        text.replacing(
          try arguments.needText(0), with: try arguments.needText(1), limit: arguments.integer(2, "count") ?? .max))
    case "indent": return .text(indented(arguments))
    case "tojson": return .text(try json(indent: arguments.integer(0, "indent")))
    case "default", "d":
      let fallback = arguments[0, "default_value"] ?? .init("")
      let isFalseToo = arguments[1, "boolean"]?.isTrue ?? false
      if case .undefined = self { return fallback }
      return isFalseToo && !isTrue ? fallback : self
    case "int", "float": return number(isInteger: name == "int", arguments)
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
        values.reduce(into: []) { kept, value in
          if !kept.contains(where: { $0.isEqual(value) }) { kept.append(value) }
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
    guard let first = values.first else { return .init("") }
    return .text(values.dropFirst().reduce(first.text) { $0 + separator + $1.text })
  }

  private func number(isInteger: Bool, _ arguments: TemplateArguments) -> TemplateValue {
    let number = asNumber ?? Double(text.stripped().string)
    guard let number, number.isFinite, abs(number) < 1e15 else {
      return arguments[0, "default"] ?? (isInteger ? .integer(0) : .number(0))
    }
    return isInteger ? .integer(Int(number)) : .number(number)
  }

  private func indented(_ arguments: TemplateArguments) -> TemplateText {
    let space =
      arguments.text(0, "width")
      ?? TemplateText(String(repeating: " ", count: min(arguments.integer(0, "width") ?? 4, 100)))
    let first = arguments[1, "first"]?.isTrue ?? false
    let blank = arguments[2, "blank"]?.isTrue ?? false
    let lines = text.split(by: TemplateText("\n")).enumerated().map { index, line in
      (index == 0 ? first : blank || !line.units.isEmpty) ? space + line : line
    }
    return lines.dropFirst().reduce(lines[0]) { $0 + TemplateText("\n") + $1 }
  }

  /// JSON as Python's `json.dumps` writes it, with letters of all scripts as they are.
  private func json(indent: Int?, level: Int = 0) throws -> TemplateText {
    guard level < 100 else { throw ModelError("JSON that is nested too deeply") }
    func block(_ parts: [TemplateText], _ opening: String, _ closing: String) -> TemplateText {
      guard let indent, !parts.isEmpty else { return Self.joined(parts, opening, closing) }
      let outer = "\n" + String(repeating: " ", count: min(indent, 100) * level)
      let inner = outer + String(repeating: " ", count: min(indent, 100))
      let lines = parts.dropFirst().reduce(parts[0]) { $0 + TemplateText("," + inner) + $1 }
      return TemplateText(opening + inner) + lines + TemplateText(outer + closing)
    }
    switch self {
    case .undefined, .macro: throw ModelError("JSON of what is no value")
    case .none: return TemplateText("null")
    case .boolean(let value): return TemplateText(value ? "true" : "false")
    case .integer, .number: return text
    case .text(let text): return TemplateText("\"") + text.mapped(Self.escaped) + TemplateText("\"")
    case .list(let list): return block(try list.values.map { try $0.json(indent: indent, level: level + 1) }, "[", "]")
    case .dictionary(let dictionary):
      return block(
        try dictionary.items.map { item in
          try TemplateValue.text(item.key.text).json(indent: nil) + TemplateText(": ")
            + item.value.json(indent: indent, level: level + 1)
        }, "{", "}")
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
