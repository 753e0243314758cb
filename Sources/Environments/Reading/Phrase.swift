/// A pattern of words. Written as text:
///
/// | item | matches |
/// |---|---|
/// | `find` | the word |
/// | `find\|see` | one of the words |
/// | `not*` | every word that begins so |
/// | `*ed` | every word that ends so |
/// | `?really` | the word, or nothing |
/// | `~` | up to three words |
/// | `^`, `$` | the beginning and the end of the sentence |
struct Phrase: Sendable, Hashable, ExpressibleByStringLiteral {
  private enum Item: Sendable, Hashable {
    case word([String], isOptional: Bool)
    case gap
    case start, end
  }

  private var items: [Item]

  init(stringLiteral text: String) {
    items = text.split(separator: " ").map { part in
      switch part {
      case "~": .gap
      case "^": .start
      case "$": .end
      default:
        .word(part.drop { $0 == "?" }.split(separator: "|").map(String.init), isOptional: part.first == "?")
      }
    }
  }

  /// Exactly these words.
  init(words: [String]) { items = words.map { .word([$0], isOptional: false) } }

  /// The first place where the words match, as the range from the first matched word to behind the last.
  func match(_ words: [String]) -> Range<Int>? {
    guard !items.isEmpty else { return nil }
    for start in 0...words.count {
      if let end = match(words, at: start, items[...]) { return start..<end }
    }
    return nil
  }

  private func match(_ words: [String], at place: Int, _ rest: ArraySlice<Item>) -> Int? {
    guard let item = rest.first else { return place }
    let after = rest.dropFirst()
    switch item {
    case .start: return place == 0 ? match(words, at: place, after) : nil
    case .end: return place == words.count ? match(words, at: place, after) : nil
    case .gap:
      for length in 0...3 where place + length <= words.count {
        if let end = match(words, at: place + length, after) { return end }
      }
      return nil
    case .word(let choices, let isOptional):
      if place < words.count, choices.contains(where: { Self.matches(words[place], $0) }),
        let end = match(words, at: place + 1, after)
      {
        return end
      }
      return isOptional ? match(words, at: place, after) : nil
    }
  }

  /// The pattern with one of `words` in the place of a word.
  func filling(_ placeholder: String, with words: Set<String>) -> Phrase {
    var copy = self
    copy.items = items.map { item in
      guard case .word(let choices, let isOptional) = item, choices.contains(placeholder) else { return item }
      return .word(choices.filter { $0 != placeholder } + words.sorted(), isOptional: isOptional)
    }
    return copy
  }

  /// Whether a word is the pattern's: `find`, or `not*` for every word that begins so.
  static func matches(_ word: String, _ pattern: String) -> Bool {
    if pattern.hasSuffix("*") { return word.hasPrefix(pattern.dropLast()) }
    return pattern.hasPrefix("*") ? word.hasSuffix(pattern.dropFirst()) : word == pattern
  }
}

extension [Phrase] {
  func match(_ words: [String]) -> Bool { contains { $0.match(words) != nil } }
}
