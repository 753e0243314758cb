import Episodes

extension PlainText.Sentence {
  /// The sentence without "yes and no" or "yes or no", which take no side.
  var withoutBoth: Self {
    let sides = ReaderWords.yes.union(ReaderWords.no)
    guard
      let place = tokens.indices.dropLast(2).first(where: {
        sides.contains(tokens[$0]) && ["and", "or"].contains(tokens[$0 + 1]) && sides.contains(tokens[$0 + 2])
      })
    else { return self }
    var rest = self
    rest.tokens.removeSubrange(place..<place + 3)
    rest.capitals = []
    return rest
  }

  /// What follows the last "but" or "that said", as a sentence of its own.
  var afterBut: Self? {
    guard let but = tokens.lastIndex(where: { ["but", "however", "still"].contains($0) }), but + 1 < tokens.count else {
      return nil
    }
    var rest = self
    rest.tokens = Array(tokens[(but + 1)...])
    rest.capitals = Set(capitals.filter { $0 > but }.map { $0 - but - 1 })
    return rest
  }
}

extension Side {
  /// Decides between a yes or no and "I agree" or "I disagree" in the same answer. "Yes, I agree with you", said to a user
  /// who answers no, means no: the yes confirms the user and does not answer the question.
  func settled(with other: Side, view: String?) -> Side {
    let (word, stance) = [.agree, .disagree].contains(self) ? (other, self) : (self, other)
    guard let view, ["yes", "no"].contains(view), [.agree, .disagree].contains(stance) else { return self }
    return (word.rawValue == view) == (stance == .agree) ? word : stance
  }
}
