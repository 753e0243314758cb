/// What the user of a document asks for.
struct Request {
  let text: String
  /// The sentences, without those that say what is to stay as it is; numbered steps are sentences too.
  private let sentences: [String]
  /// Whether the user said to change nothing, or nothing else.
  let forbidsChanges: Bool

  init(_ text: String) {
    let own = text.withoutPreamble
    self.text = text
    let all = own.sentences
    let limits = all.filter { sentence in
      Self.limitWords.contains(where: sentence.lowercased().has) && sentence.lowercased().contains(Self.limit)
    }
    forbidsChanges = !limits.isEmpty
    sentences = all.filter { !limits.contains($0) }
  }

  /// One of these is in every sentence that says what is to stay.
  private static let limitWords = [
    "not", "n't", "no", "never", "without", "leave", "keep", "hands", "only", "chang", "edit", "touch", "modif",
    "alter",
  ]

  private static var limit: Regex<Substring> {
    /(?:\b(?:not|never|without|nothing)|n't)\b\W+(?:\w+\W+){0,3}?(?:(?:chang|edit|touch|modif|alter|rewrit|remov|delet|overwrit|tamper)\w*|(?:fix|mark|tick)(?:s|ed|ing)?\b)|\b(?:chang|edit|touch|modif|alter)\w*\b\W+(?:nothing|no )|\bno (?:other )?(?:changes?|edits?)\b|\b(?:leave|keep)\b.*\b(?:as (?:it|they) (?:is|are|stands?)|as is|alone|untouched|unchanged)\b|hands off|\bonly (?:look|read)\b|read.only/
      .ignoresCase()
  }

  /// Whether the user names the files of a change in a sentence that tells to change something, and the number that goes
  /// in. Where the value is to be taken from another file, the user says that the two shall match.
  func asks(for change: FileChange) -> Bool {
    let orders = sentences.filter { sentence in
      !sentence.hasSuffix("?") && Self.verbs.contains { sentence.lowercased().contains($0) }
    }
    guard !change.paths.isEmpty, change.paths.allSatisfy({ path in orders.contains { $0.names(path) } }) else {
      return false
    }
    let number = change.value.split { !"-0123456789".contains($0) }.last.map(String.init)
    let words = text.split { " .,:=".contains($0) }.map(String.init)
    let follows = ["match", "fits", "check for what"].contains(where: text.contains)
    return number.map { words.contains($0) || follows } ?? true
  }

  private static let verbs = [
    "add ", "append", "put ", "save", "remove", "change", "set ", "make ", "replace", "write", "should be", "delete",
    "copy", "move",
  ]

  /// Whether the user names a file of code, or names its folder and asks about nothing but it and its code.
  func isAbout(_ code: [DocumentWorld.File]) -> Bool {
    if code.contains(where: { text.names($0.path) || text.names($0.name) && $0.name.contains(".") }) { return true }
    let general: Set = ["code", "test", "function", "check", "return", "contain", "hold"]
    return code.contains { text.names($0.folder) } && subject.allSatisfy { general.contains($0.stemmed) }
  }

  /// The words of the request that say something, without paths and folders.
  var subject: [String] {
    let folders = text.matches(of: /\b(?:in|of|at|list|to) +([\w\/]+)\b/).map { String($0.1).lowercased() }
    return sentences.joined(separator: " ").contentWords.filter { word in
      word.contains { $0.isLetter } && !folders.contains(word)
    }
  }

  /// The middle of the scale on which the user wants a number; `nil` when none is asked for.
  var middleOfScale: Double? {
    guard
      text.has("from ") || text.has("=N") || text.has("between") || text.has("out of") || text.has("scale")
        || text.has("1 is")
    else { return nil }
    // The last range that is named: a preamble may speak of rewards.
    if let range = text.matches(of: /\b([0-9]+) (?:to|and|-) ([0-9]+)\b/).last, let low = Double(range.1),
      let high = Double(range.2), low < high, high <= 100, text.contains(/from|between|out of|scale/)
    {
      return (low + high) / 2
    }
    if text.contains(/\b1 is \w+ and 5 is \w+/) || text.contains(/\w+=N\b/) { return 3 }
    return nil
  }

  /// Whether the user says something about themselves.
  var hasStake: Bool { sentences.joined(separator: " ").contains(/\b(?:[Ii]|me|[Mm]y|mine|[Ww]e|us|[Oo]ur)\b/) }

  /// Whether the thing to judge lies in no file: what a file holds is what somebody noted of it.
  var judgesByANote: Bool { text.contains(/\bnote on\b|\bsays of\b/) }

  /// Whether it is a question of what should be, and of no third person's answer.
  var asksWhatShouldBe: Bool {
    let text = text.lowercased()
    return (text.has("should") || text.has("ought")) && text.contains(/\b(?:should|ought)\b[^.]*\?/)
      && !text.contains(/what (?:will \w+ say|is the answer of)/)
  }
}

extension String {
  /// Whether a path or file name stands in the text as a whole.
  fileprivate func names(_ path: String) -> Bool {
    guard !path.isEmpty else { return false }
    var rest = self[...]
    while let range = rest.firstRange(of: path) {
      let before = range.lowerBound == startIndex ? nil : self[index(before: range.lowerBound)]
      let after = range.upperBound == endIndex ? nil : self[range.upperBound]
      let joins = { (character: Character?) in character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false }
      if !joins(before) && !joins(after) { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }

  /// The text without the sentences of ``Corpus/preamble(trainingFolder:)``.
  fileprivate var withoutPreamble: String {
    let start = Corpus.preamble(trainingFolder: "")
    guard hasPrefix(start.dropLast()) else { return self }
    return String(dropFirst(start.count - 1).drop { $0 != " " }.dropFirst())
  }

  /// The text cut behind every mark that ends a sentence, and at every line break.
  fileprivate var sentences: [String] {
    var sentences = [""]
    var last: Character = " "
    for character in self {
      if character == "\n" || (character == " " && ".?!".contains(last)) {
        sentences.append("")
      } else {
        sentences[sentences.count - 1].append(character)
      }
      last = character
    }
    return sentences.filter { !$0.isEmpty }
  }
}
