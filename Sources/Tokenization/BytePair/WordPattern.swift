/// The regular expressions by which byte-level vocabularies cut text into words, each written as a scanner. They share
/// their shape: contractions, letters, numbers, other characters, line breaks, spaces, tried in this order.
struct WordPattern: Sendable, Hashable {
  /// `'s`, `'t`, `'re`, ... in capitals too.
  private let ignoresCase: Bool
  /// Letters take any one character before them that is no letter, number or line break, and line breaks stand with what
  /// is before them; otherwise words take one space before them, and line breaks are spaces.
  private let isModern: Bool
  /// Digits of a word.
  private let digits: Int
  /// Letters have combining marks among them.
  private let lettersHaveMarks: Bool

  static let gpt2 = Self(ignoresCase: false, isModern: false, digits: .max, lettersHaveMarks: false)
  static let llama3 = Self(ignoresCase: true, isModern: true, digits: 3, lettersHaveMarks: false)
  static let qwen2 = Self(ignoresCase: true, isModern: true, digits: 1, lettersHaveMarks: false)
  static let qwen35 = Self(ignoresCase: true, isModern: true, digits: 1, lettersHaveMarks: true)

  /// The pattern of a regular expression as `tokenizer.json` writes it; `nil` for one that is not known.
  static func known(_ expression: String) -> WordPattern? { expressions[expression] }

  private static let expressions: [String: WordPattern] = {
    let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    let tail = #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    return [
      #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: gpt2,
      contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"# + tail: llama3,
      contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"# + tail: qwen2,
      contractions + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}|"#
        + tail.replacing(#"[^\s\p{L}\p{N}]"#, with: #"[^\s\p{L}\p{M}\p{N}]"#): qwen35,
    ]
  }()

  /// Where the word that starts at `start` ends; `start < limit`.
  func wordEnd(in text: [UInt8], from start: Int, limit: Int) -> Int {
    if let end = contraction(text, start, limit) { return end }
    return isModern ? modernEnd(text, start, limit) : gpt2End(text, start, limit)
  }

  /// ` ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  private func gpt2End(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
    let body = behindSpace(text, start, limit)
    let category = category(ScalarKind.at(body, in: text).kind)
    if category == .spaces { return spacesEnd(text, start, limit) }
    return runEnd(text, body, limit) { self.category($0) == category }
  }

  /// `[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  private func modernEnd(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
    let (kind, length) = ScalarKind.at(start, in: text)
    let first = category(kind)
    if first == .numbers { return runEnd(text, start, limit, atMost: digits) { self.category($0) == .numbers } }
    let letters = first == .letters || kind.contains(.lineBreak) ? start : start + length
    if letters < limit, category(ScalarKind.at(letters, in: text).kind) == .letters {
      return runEnd(text, letters, limit) { self.category($0) == .letters }
    }
    let body = behindSpace(text, start, limit)
    if category(ScalarKind.at(body, in: text).kind) == .others {
      let end = runEnd(text, body, limit) { self.category($0) == .others }
      return runEnd(text, end, limit) { $0.contains(.lineBreak) }
    }
    let spaces = runEnd(text, start, limit) { $0.contains(.space) }
    if let lineBreak = text[start..<spaces].lastIndex(where: { $0 == 0x0A || $0 == 0x0D }) { return lineBreak + 1 }
    return spacesEnd(text, start, limit)
  }

  private enum Category { case letters, numbers, spaces, others }

  private func category(_ kind: ScalarKind) -> Category {
    if kind.contains(.letter) || lettersHaveMarks && kind.contains(.mark) { return .letters }
    return kind.contains(.number) ? .numbers : kind.contains(.space) ? .spaces : .others
  }

  /// ` ?`: the index behind a space that has something behind it.
  private func behindSpace(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
    text[start] == UInt8(ascii: " ") && start + 1 < limit ? start + 1 : start
  }

  /// `\s+(?!\S)|\s+`: all spaces but the last, when something follows and there are several.
  private func spacesEnd(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
    var (end, last) = (start, start)
    while end < limit {
      let (kind, length) = ScalarKind.at(end, in: text)
      guard kind.contains(.space) else { return last > start ? last : end }
      last = end
      end += length
    }
    return end
  }

  private func runEnd(
    _ text: [UInt8], _ start: Int, _ limit: Int, atMost count: Int = .max, while isIn: (ScalarKind) -> Bool
  ) -> Int {
    var (end, left) = (start, count)
    while end < limit, left > 0 {
      let (kind, length) = ScalarKind.at(end, in: text)
      guard isIn(kind) else { break }
      end += length
      left -= 1
    }
    return end
  }

  /// `'s|'t|'re|'ve|'m|'ll|'d`
  private func contraction(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int? {
    guard text[start] == UInt8(ascii: "'"), start + 1 < limit else { return nil }
    // U+017F is a small s to a regular expression that ignores case.
    if ignoresCase, text[(start + 1)..<limit].starts(with: [0xC5, 0xBF]) { return start + 3 }
    let letters = text[(start + 1)..<min(start + 3, limit)].map { ignoresCase && $0.isASCIILetter ? $0 | 0x20 : $0 }
    if "stmd".utf8.contains(letters[0]) { return start + 2 }
    return ["re", "ve", "ll"].contains { letters.elementsEqual($0.utf8) } ? start + 3 : nil
  }
}
