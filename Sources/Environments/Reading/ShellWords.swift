/// A shell command cut into statements and words, as far as a reader needs it: nothing is run.
enum ShellWords {
  struct Statement {
    var words: [String] = []
    /// Where output is redirected to.
    var targets: [String] = []
    /// What the program reads: the body of a here-document, or the words of the statement before a pipe.
    var input = ""
  }

  /// The statements between `;`, `&`, `|`, line ends and brackets.
  static func statements(_ command: String) -> [Statement] {
    var reader = Reader(Array(command))
    return reader.read()
  }

  /// The name and value of an assignment such as `F=reward.py`; `nil` for any other word.
  static func assigned(_ word: String) -> (name: String, value: String)? {
    guard let sign = word.firstIndex(of: "="), sign > word.startIndex else { return nil }
    let name = word[..<sign]
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }), name.first?.isNumber == false else {
      return nil
    }
    return (String(name), String(word[word.index(after: sign)...]))
  }

  /// A word with the variables that were assigned before.
  static func expand(_ word: String, _ variables: [String: String]) -> String {
    guard word.contains("$") else { return word }
    return variables.reduce(word) { text, variable in
      text.replacing("${\(variable.key)}", with: variable.value).replacing("$" + variable.key, with: variable.value)
    }
  }

  /// Whether a name fits a pattern with `*` and `?`; a bracket fits any character.
  static func matches(_ name: String, pattern: String) -> Bool { matches(Array(name)[...], Array(pattern)[...]) }

  private static func matches(_ name: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    switch first {
    case "*": return (0...name.count).contains { matches(name.dropFirst($0), pattern.dropFirst()) }
    case "[": return !name.isEmpty && matches(name.dropFirst(), pattern.drop { $0 != "]" }.dropFirst())
    default:
      return name.first.map { $0 == first || first == "?" } ?? false && matches(name.dropFirst(), pattern.dropFirst())
    }
  }
}

/// Reads the characters of a command.
private struct Reader {
  private let characters: [Character]
  private var index = 0
  private var statements: [ShellWords.Statement] = []
  private var statement = ShellWords.Statement()
  private var word: String?
  private var redirects = false
  /// The end marks of here-documents whose bodies begin on the next line.
  private var documents: [String] = []
  private var isDocument = false

  init(_ characters: [Character]) { self.characters = characters }

  mutating func read() -> [ShellWords.Statement] {
    while index < characters.count {
      take(characters[index])
      index += 1
    }
    endStatement()
    return statements
  }

  private var next: Character? { index + 1 < characters.count ? characters[index + 1] : nil }

  private mutating func take(_ character: Character) {
    switch character {
    case "'": word = (word ?? "") + until("'", escapes: false)
    case "\"": word = (word ?? "") + until("\"", escapes: true)
    case "\\":
      index += 1
      if index < characters.count, characters[index] != "\n" { word = (word ?? "") + String(characters[index]) }
    case ">": redirect()
    case "<":
      endWord()
      if next == "<" {
        index += next == "<" ? 1 : 0
        if next == "-" { index += 1 }
        isDocument = true
      }
    case "\n":
      endStatement()
      readDocuments()
    case "|" where next != "|":
      let words = statement.words + (word.map { [$0] } ?? [])
      endStatement()
      statement.input = words.joined(separator: " ")
    case ";", "&", "|", "(", ")", "`":
      if character == "&", redirects, word == nil { return }
      endStatement()
    case "$" where next == "(": endStatement()
    case " ", "\t": endWord()
    default: word = (word ?? "") + String(character)
    }
  }

  /// The text up to a closing quote, which is left behind.
  private mutating func until(_ quote: Character, escapes: Bool) -> String {
    var text = ""
    index += 1
    while index < characters.count, characters[index] != quote {
      if escapes, characters[index] == "\\", let next, "\"\\$`".contains(next) { index += 1 }
      text.append(characters[index])
      index += 1
    }
    return text
  }

  /// `>` and `>>`. A number before it, and what `>&1` names, are no files.
  private mutating func redirect() {
    if let number = word, number.allSatisfy(\.isNumber) { word = nil }
    endWord()
    while next == ">" || next == "|" { index += 1 }
    redirects = true
  }

  private mutating func endWord() {
    defer { word = nil }
    guard let word else { return }
    if isDocument {
      documents.append(word)
      isDocument = false
    } else if redirects {
      statement.targets.append(word)
      redirects = false
    } else {
      statement.words.append(word)
    }
  }

  private mutating func endStatement() {
    endWord()
    redirects = false
    if !statement.words.isEmpty || !statement.targets.isEmpty { statements.append(statement) }
    statement = ShellWords.Statement()
  }

  /// The bodies of here-documents are the input of the statements of the line before.
  private mutating func readDocuments() {
    for mark in documents {
      var body: [String] = []
      while index + 1 < characters.count {
        let line = characters[(index + 1)...].prefix { $0 != "\n" }
        index += line.count + (index + 1 + line.count < characters.count ? 1 : 0)
        if String(line).trimmed == mark || index + 1 > characters.count { break }
        body.append(String(line))
        if line.isEmpty, index + 1 >= characters.count { break }
      }
      if !statements.isEmpty { statements[statements.count - 1].input += body.joined(separator: "\n") }
    }
    documents = []
  }
}
