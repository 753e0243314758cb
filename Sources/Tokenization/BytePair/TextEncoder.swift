internal import Foundation

/// Encodes the stretches of a text between matched tokens.
struct TextEncoder {
  let vocabulary: Vocabulary
  private(set) var tokens: [Int32] = []
  private var hasPrefix: Bool
  private var merger = Merger()

  /// An encoder of text behind the token `previous`.
  init(vocabulary: Vocabulary, after previous: Int32?) {
    self.vocabulary = vocabulary
    hasPrefix = vocabulary.hasPrefix(after: previous)
  }

  mutating func append(_ token: Int32) {
    tokens.append(token)
    hasPrefix = vocabulary.hasPrefix(after: token)
  }

  mutating func append(_ stretch: ArraySlice<UInt8>) {
    if stretch.isEmpty { return }
    var text = Array(stretch)
    if vocabulary.rules.composes { text = Self.composed(text) }
    if hasPrefix { text.insert(UInt8(ascii: " "), at: 0) }
    hasPrefix = false
    var start = 0
    for end in words(text) {
      if vocabulary.rules.takesWholeWords, let id = vocabulary.pieces.id(of: text[start..<end]) {
        tokens.append(id)
      } else {
        merger.append(text, start..<end, by: vocabulary, to: &tokens)
      }
      start = end
    }
  }

  /// Where the words of the text end.
  private func words(_ text: [UInt8]) -> [Int] {
    vocabulary.rules.cuts.reduce([text.count]) { ends, rule in
      var (start, finer): (Int, [Int]) = (0, [])
      for end in ends {
        rule.append(text, start..<end, to: &finer)
        start = end
      }
      return finer
    }
  }

  /// The text in Unicode's normalisation form C; bytes that are not UTF-8 stay.
  private static func composed(_ text: [UInt8]) -> [UInt8] {
    // Nothing below U+0300 composes or is composed of several characters.
    guard text.contains(where: { $0 >= 0xCC }) else { return text }
    var (composed, start): ([UInt8], Int) = ([], 0)
    var index = 0
    func flush() {
      composed += String(decoding: text[start..<index], as: UTF8.self).precomposedStringWithCanonicalMapping.utf8
    }
    while index < text.count {
      if let (_, length) = text.scalar(at: index) {
        index += length
      } else {
        flush()
        composed.append(text[index])
        index += 1
        start = index
      }
    }
    flush()
    return composed
  }
}
