extension TemplateValue {
  /// Templates that ask for the present day get the day that Llama's templates name, so that a prompt is the same every day.
  private static let day = [
    "d": "26", "b": "Jul", "B": "July", "Y": "2024", "m": "07", "y": "24", "A": "Friday", "a": "Fri", "H": "00",
    "M": "00", "S": "00", "j": "208", "%": "%",
  ]

  /// `name(arguments)`
  ///
  /// - Throws: a `ModelError` for a function that is not known, and the template's own (`raise_exception`).
  static func global(_ name: String, _ arguments: TemplateArguments) throws -> TemplateValue {
    switch name {
    case "namespace", "dict":
      let dictionary = Dictionary(arguments.members.map { (.init($0), $1) })
      return .dictionary(dictionary)
    case "range":
      let bounds = (0..<3).map { arguments.integer($0) }
      guard let first = bounds[0] else { throw ModelError("a range of something that is not a number") }
      let (start, end, step) = bounds[1] == nil ? (0, first, 1) : (first, bounds[1] ?? 0, bounds[2] ?? 1)
      guard step != 0, (Double(end) - Double(start)) / Double(step) <= Double(Self.countLimit) else {
        throw ModelError("a range that is too long")
      }
      return .init(stride(from: start, to: end, by: step).map { .integer($0) })
    case "raise_exception": throw ModelError(arguments.text(0)?.string ?? "it raises an exception")
    case "strftime_now":
      var text = ""
      var isField = false
      for character in try arguments.needText(0).string {
        if isField {
          guard let field = day[String(character)] else { throw ModelError("the date's '%\(character)' is not known") }
          text += field
        } else if character != "%" {
          text.append(character)
        }
        isField = !isField && character == "%"
      }
      return .init(text)
    default: throw ModelError("the function '\(name)' is not known")
    }
  }

  /// `value.name(arguments)`
  ///
  /// - Throws: a `ModelError` for a method that is not known.
  func calling(_ name: String, _ arguments: TemplateArguments) throws -> TemplateValue {
    switch self {
    case .text(let text): return try text.calling(name, arguments)
    case .dictionary(let dictionary):
      switch name {
      case "items": return .init(dictionary.items.map { .init([$0.key, $0.value]) })
      case "keys": return .init(dictionary.keys)
      case "values": return .init(dictionary.items.map(\.value))
      case "get": return arguments.unnamed.first.flatMap { dictionary[$0] } ?? arguments[1, "default"] ?? .none
      case "update":
        if case .dictionary(let other) = arguments.unnamed.first {
          for item in other.items { dictionary[item.key] = item.value }
        }
        for (key, value) in arguments.members { dictionary[key] = value }
        return .none
      default: break
      }
    case .list(let list):
      switch name {
      case "append":
        list.values.append(arguments.unnamed.first ?? .undefined)
        return .none
      case "pop":
        guard !list.values.isEmpty else { throw ModelError("an element of an empty list is taken") }
        let index = arguments.integer(0) ?? list.values.count - 1
        guard list.values.indices.contains(index) else { throw ModelError("an element that is not there is taken") }
        return list.values.remove(at: index)
      case "index":
        let place = try list.values.firstIndex { value in
          try arguments.unnamed.first.map { try value.isEqual($0) } ?? false
        }
        guard let place else { throw ModelError("what is looked for is not in the list") }
        return .integer(place)
      default: break
      }
    case .undefined: throw ModelError("what '\(name)' is called on is undefined")
    default: break
    }
    throw ModelError("the method '\(name)' is not known")
  }
}

extension TemplateText {
  func calling(_ name: String, _ arguments: TemplateArguments) throws -> TemplateValue {
    switch name {
    case "strip": return .text(stripped(arguments.text(0)))
    case "lstrip": return .text(stripped(arguments.text(0), atEnd: false))
    case "rstrip": return .text(stripped(arguments.text(0), atStart: false))
    case "split":
      let limit = arguments.integer(1, "maxsplit").map { $0 < 0 ? .max : $0 } ?? .max
      return .init((arguments.text(0).map { split(by: $0, limit: limit) } ?? words(limit: limit)).map { .text($0) })
    case "rsplit": return try splitFromEnd(arguments)
    case "splitlines": return .init(lines.map { .text($0) })
    case "startswith", "endswith":
      var options = [arguments.unnamed.first ?? .undefined]
      if case .list(let list) = options[0] { options = list.values }
      let text = name == "startswith" ? plain : plain.reversed()
      return .boolean(
        try options.contains { option in
          let affix = try option.text.plain
          return text.starts(with: name == "startswith" ? affix : affix.reversed())
        })
    case "replace":
      let limit = arguments.integer(2, "count").map { $0 < 0 ? .max : $0 } ?? .max
      return .text(try replacing(arguments.needText(0), with: arguments.needText(1), limit: limit))
    case "find": return .integer(firstIndex(of: try arguments.needText(0)) ?? -1)
    case "count": return .integer(split(by: try arguments.needText(0)).count - 1)
    case "join": return try TemplateValue.joined(arguments.unnamed.first?.elements() ?? [], by: self)
    case "removeprefix", "removesuffix":
      let affix = try arguments.needText(0)
      let (text, count) = (plain, affix.units.count)
      if name == "removeprefix" {
        return .text(text.starts(with: affix.plain) ? self[count..<text.count] : self)
      }
      return .text(text.reversed().starts(with: affix.plain.reversed()) ? self[0..<text.count - count] : self)
    case "isdigit": return .boolean(!units.isEmpty && plain.allSatisfy { (0x30...0x39).contains($0) })
    case "isspace": return .boolean(!units.isEmpty && stripped().units.isEmpty)
    case "upper", "lower", "title", "capitalize": return try TemplateValue.text(self).filtered(name, arguments)
    default: throw ModelError("the method '\(name)' is not known")
    }
  }

  private func splitFromEnd(_ arguments: TemplateArguments) throws -> TemplateValue {
    guard let separator = arguments.text(0), let limit = arguments.integer(1, "maxsplit"), limit >= 0 else {
      return try calling("split", arguments)
    }
    let parts = split(by: separator)
    let kept = max(1, parts.count - limit)
    let first = try TemplateText.joined(Array(parts[..<kept]), by: separator)
    return .init(([first] + parts[kept...]).map { .text($0) })
  }

  private var lines: [TemplateText] {
    let lines = split(by: TemplateText("\n")).map { $0.stripped(TemplateText("\r"), atStart: false) }
    return lines.last?.units.isEmpty == true ? lines.dropLast() : lines
  }
}
