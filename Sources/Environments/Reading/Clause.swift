/// The words between two marks or joining words of a sentence.
struct Clause: Sendable {
  /// The mark or word that the clause begins with; `nil` for a sentence's first.
  let joint: String?
  /// The words behind the joint, without marks.
  let words: [String]
  /// Places in the sentence's tokens.
  let range: Range<Int>

  /// How often the words are negated: "not only", "no doubt" and the like do not count.
  static func negations(in words: some Collection<String>) -> Int {
    let words = Array(words)
    return words.indices.count { index in
      guard ReaderWords.negations.contains(words[index]) else { return false }
      return index + 1 == words.count || !ReaderWords.afterIdleNegation.contains(words[index + 1])
    }
  }

  static func isNegated(_ words: some Collection<String>) -> Bool { !negations(in: words).isMultiple(of: 2) }

  /// Whether the words are said of somebody else's view, or left open.
  static func isAnothers(_ words: [String]) -> Bool { ReaderWords.attributions.match(words) }
}

extension PlainText.Sentence {
  /// The clauses in order; empty ones, between two marks, are left out.
  var clauses: [Clause] {
    var clauses: [Clause] = []
    var start = 0
    for end in tokens.indices.map({ $0 + 1 }) {
      let isEnd =
        end == tokens.count || PlainText.marks.contains(tokens[end]) || ReaderWords.joints.contains(tokens[end])
      guard isEnd else { continue }
      let isJoint = PlainText.marks.contains(tokens[start]) || ReaderWords.joints.contains(tokens[start])
      let words = tokens[(isJoint ? start + 1 : start)..<end].filter { !PlainText.marks.contains($0) }
      if !words.isEmpty {
        clauses.append(Clause(joint: isJoint ? tokens[start] : nil, words: words, range: start..<end))
      }
      start = end
    }
    return clauses
  }
}
