import Episodes

/// A text with slots: `{{folder}}`, or `{{statement.question}}` for one field of a slot whose entries have fields.
struct Template: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case text(String)
    case slot(name: String, field: String?)
  }

  let parts: [Part]

  private init(parts: [Part]) { self.parts = parts }

  /// - Throws: `EnvironmentError` when `{{` is never closed or holds something that is no slot's name.
  init(_ text: String) throws {
    var parts: [Part] = []
    var rest = Substring(text)
    while let open = rest.firstRange(of: "{{") {
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
        throw EnvironmentError("`{{` is never closed")
      }
      if rest.startIndex < open.lowerBound { parts.append(.text(String(rest[..<open.lowerBound]))) }
      parts.append(try Self.slot(rest[open.upperBound..<close.lowerBound]))
      rest = rest[close.upperBound...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    self.parts = parts
  }

  private static func slot(_ inside: Substring) throws -> Part {
    let names = inside.split(separator: ".", omittingEmptySubsequences: false)
    let plain = names.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }
    guard plain, names.count <= 2 else { throw EnvironmentError("`{{\(inside)}}` is not a slot's name") }
    return .slot(name: String(names[0]), field: names.count == 2 ? String(names[1]) : nil)
  }

  /// The text with every slot filled. Slots are checked when a folder is loaded, so an unknown one renders as nothing.
  func render(_ choices: [String: SlotEntry]) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .slot(let name, let field): choices[name]?[field] ?? ""
      }
    }.joined()
  }

  /// The template with its own texts, but not its slots, replaced.
  func mapTexts(_ transform: (String) -> String) -> Template {
    Template(
      parts: parts.map { part in
        if case .text(let text) = part { .text(transform(text)) } else { part }
      })
  }

  /// The template without the given text at its beginning, if it begins with it.
  func withoutPrefix(_ prefix: String) -> Template {
    guard case .text(let text)? = parts.first, text.hasPrefix(prefix) else { return self }
    return Template(parts: [.text(String(text.dropFirst(prefix.count)))] + parts.dropFirst())
  }

  /// Whether a command would be run where the text is put into a policy's mouth.
  var endsInCommand: Bool {
    if case .text(let text)? = parts.last { text.hasSuffix(ProtocolTag.command.closing) } else { false }
  }

  /// What is wrong with the slots that the template names; `nil` when all can be filled from `slots`.
  func problem(with slots: [String: [SlotEntry]]) -> String? {
    for case .slot(let name, let field) in parts {
      guard let entries = slots[name] else {
        return "unknown slot `{{\(name)}}`; known: \(slots.keys.sorted().joined(separator: ", "))"
      }
      if entries.contains(where: { $0[field] == nil }) {
        return field.map { "`{{\(name).\($0)}}`: an entry of the slot `\(name)` has no field `\($0)`" }
          ?? "`{{\(name)}}`: the entries of the slot have fields; write `{{\(name).FIELD}}`"
      }
    }
    return nil
  }
}

/// One entry of a slot's list: a text, or named fields.
package enum SlotEntry: Sendable, Hashable {
  case text(String)
  case fields([String: String])

  /// The text (`field` is `nil`) or a field; `nil` where there is no such thing.
  subscript(field: String?) -> String? {
    switch (self, field) {
    case (.text(let text), nil): text
    case (.fields(let fields), let field?): fields[field]
    default: nil
    }
  }
}

extension SlotEntry {
  private var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .fields(let fields): fields.keys.sorted().compactMap { fields[$0] }
    }
  }

  var holdsSlots: Bool { texts.contains { $0.contains("{{") } }

  /// The texts of entries that hold slots of their own.
  ///
  /// - Throws: `EnvironmentError` when one is no template, or names a slot whose entries hold slots as well.
  static func nested(in slots: [String: [SlotEntry]]) throws -> [Template] {
    let templates = try slots.values.joined().flatMap(\.texts).filter { $0.contains("{{") }.map { try Template($0) }
    for case .slot(let name, _) in templates.flatMap(\.parts) where slots[name]?.contains(where: \.holdsSlots) == true {
      throw EnvironmentError("an entry of a slot names `{{\(name)}}`, whose entries hold slots themselves")
    }
    return templates
  }
}

extension [String: SlotEntry] {
  /// The entries with the slots inside their texts filled, one level deep. Such texts are checked when a folder is
  /// loaded.
  var filled: [String: SlotEntry] {
    func fill(_ text: String) -> String {
      text.contains("{{") ? (try? Template(text).render(self)) ?? text : text
    }
    return mapValues { entry in
      switch entry {
      case .text(let text): .text(fill(text))
      case .fields(let fields): .fields(fields.mapValues(fill))
      }
    }
  }
}
