extension WordTokenizer {
  /// Learns a vocabulary: the most frequent words and pieces between words, special tokens left out.
  ///
  /// - Parameters:
  ///   - texts: rendered documents; special tokens in them are recognised.
  ///   - maxVocabulary: the largest vocabulary, bytes, numbers and special tokens included.
  ///   - minCount: how often a word or piece must occur to be learned.
  package static func train(texts: some Sequence<String>, maxVocabulary: Int, minCount: Int = 3) -> WordTokenizer {
    var words: [String: Int] = [:]
    var separators: [String: Int] = [:]
    for text in texts {
      for run in text.utf8WithoutSpecials.split(separator: 0, omittingEmptySubsequences: true) {
        count(run, words: &words, separators: &separators)
      }
    }
    let fixed = WordTokenizer(words: [], separators: []).vocabularySize
    let candidates =
      words.map { (text: $0.key, count: $0.value, isWord: true) }
      + separators.map { (text: $0.key, count: $0.value, isWord: false) }
    // Pieces between words must earn their place: what is rare is cut into shorter ones at little cost.
    let learned = candidates.filter { $0.count >= ($0.isWord ? minCount : 10 * minCount) }
      .sorted { ($1.count, $0.text) < ($0.count, $1.text) }.prefix(max(0, maxVocabulary - fixed))
    return WordTokenizer(
      words: learned.filter(\.isWord).map(\.text), separators: learned.filter { !$0.isWord }.map(\.text))
  }

  private static func count(
    _ text: some Collection<UInt8>, words: inout [String: Int], separators: inout [String: Int]
  ) {
    let bytes = Array(text)
    var start = 0
    while start < bytes.count {
      let kind = Kind(bytes[start])
      let end = bytes[start...].firstIndex { Kind($0) != kind } ?? bytes.count
      let run = String(decoding: bytes[start..<end], as: UTF8.self)
      switch kind {
      case .letters: words[run, default: 0] += 1
      case .digits: break
      case .between: if (2...8).contains(end - start) { separators[run, default: 0] += 1 }
      }
      start = end
    }
  }

  private enum Kind {
    case letters, digits, between

    init(_ byte: UInt8) { self = byte.isASCIILetter ? .letters : byte.isASCIIDigit ? .digits : .between }
  }
}

extension String {
  /// The bytes of the text with every special token replaced by a zero byte.
  fileprivate var utf8WithoutSpecials: [UInt8] {
    let specials = WordTokenizer.tags + WordTokenizer.roles
    return Array(specials.reduce(self) { $0.replacing($1, with: "\0") }.utf8)
  }
}
