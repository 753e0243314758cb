/// Text in a template's hands: Unicode scalars, each with whether it comes from a message. Whatever a template does to a
/// message (trim, split, replace, join), its characters stay known as the message's, so they never make a control token.
struct TemplateText: Hashable, Sendable {
  /// The scalar's number; the highest bit is set for a message's.
  var units: [UInt32]

  private static let mark: UInt32 = 1 << 31

  init(units: [UInt32] = []) { self.units = units }

  init(_ text: String, isMessage: Bool = false) {
    units = text.unicodeScalars.map { isMessage ? $0.value | Self.mark : $0.value }
  }

  /// The text alone.
  var string: String {
    var scalars = String.UnicodeScalarView()
    for unit in units { if let scalar = Unicode.Scalar(unit & ~Self.mark) { scalars.append(scalar) } }
    return String(scalars)
  }

  /// The scalars' numbers alone.
  var plain: [UInt32] { units.map { $0 & ~Self.mark } }

  /// The stretches of the text that come from messages and from the template, in turn.
  var stretches: [(text: String, isMessage: Bool)] {
    var found: [(String, Bool)] = []
    var start = 0
    for index in units.indices where index + 1 == units.count || (units[index] ^ units[index + 1]) & Self.mark != 0 {
      found.append((TemplateText(units: Array(units[start...index])).string, units[start] & Self.mark != 0))
      start = index + 1
    }
    return found
  }

  /// More characters than any dialogue has; a template that makes longer texts is refused.
  static let lengthLimit = 1 << 22

  static func + (left: TemplateText, right: TemplateText) -> TemplateText {
    TemplateText(units: left.units + right.units)
  }

  /// The parts with a separator between them.
  ///
  /// - Throws: a `ModelError` when that is longer than a dialogue can be.
  static func joined(_ parts: [TemplateText], by separator: TemplateText) throws -> TemplateText {
    var text = TemplateText()
    for (index, part) in parts.enumerated() {
      if index > 0 { text.units += separator.units }
      text.units += part.units
      try text.checkLength()
    }
    return text
  }

  func checkLength() throws {
    guard units.count <= Self.lengthLimit else {
      throw ModelError("it makes a text of more than \(Self.lengthLimit) characters")
    }
  }

  subscript(range: Range<Int>) -> TemplateText { TemplateText(units: Array(units[range])) }

  /// Where `other` begins, from `start` on.
  func firstIndex(of other: TemplateText, from start: Int = 0) -> Int? {
    let (text, sought) = (plain, other.plain)
    guard text.count >= sought.count else { return nil }
    var index = start
    while index + sought.count <= text.count {
      if text[index..<index + sought.count].elementsEqual(sought) { return index }
      index += 1
    }
    return nil
  }

  func contains(_ other: TemplateText) -> Bool { firstIndex(of: other) != nil }

  /// The parts between the occurrences of `separator`, at most `limit` cuts.
  func split(by separator: TemplateText, limit: Int = .max) -> [TemplateText] {
    var (parts, start): ([TemplateText], Int) = ([], 0)
    while parts.count < limit, !separator.units.isEmpty, let found = firstIndex(of: separator, from: start) {
      parts.append(self[start..<found])
      start = found + separator.units.count
    }
    return parts + [self[start..<units.count]]
  }

  /// The words between white space, at most `limit` cuts.
  func words(limit: Int = .max) -> [TemplateText] {
    var words: [TemplateText] = []
    var rest = stripped(atEnd: false)
    while !rest.units.isEmpty {
      let end = words.count < limit ? rest.units.firstIndex(where: Self.isSpace) ?? rest.units.count : rest.units.count
      words.append(rest[0..<end])
      rest = rest[end..<rest.units.count].stripped(atEnd: false)
    }
    if limit != .max, let last = words.popLast() { words.append(last.stripped(atStart: false)) }
    return words
  }

  /// The text without `characters` (white space where there are none) at its ends.
  func stripped(_ characters: TemplateText? = nil, atStart: Bool = true, atEnd: Bool = true) -> TemplateText {
    let set = characters.map { Set($0.plain) }
    func isStripped(_ unit: UInt32) -> Bool { set?.contains(unit & ~Self.mark) ?? Self.isSpace(unit) }
    var rest = units[...]
    if atStart { rest = rest.drop(while: isStripped) }
    while atEnd, let last = rest.last, isStripped(last) { rest.removeLast() }
    return TemplateText(units: Array(rest))
  }

  /// White space as Python has it.
  private static func isSpace(_ unit: UInt32) -> Bool {
    let value = unit & ~mark
    return (0x1C...0x1F).contains(value) || Unicode.Scalar(value)?.properties.isWhitespace ?? false
  }

  func replacing(_ old: TemplateText, with new: TemplateText, limit: Int = .max) throws -> TemplateText {
    try Self.joined(split(by: old, limit: limit), by: new)
  }

  /// The text with each character in another form (upper case, ...); what a message gave stays the message's.
  func mapped(_ change: (Unicode.Scalar) -> String) -> TemplateText {
    TemplateText(
      units: units.flatMap { unit -> [UInt32] in
        guard let scalar = Unicode.Scalar(unit & ~Self.mark) else { return [] }
        return change(scalar).unicodeScalars.map { $0.value | unit & Self.mark }
      })
  }
}
