/// What a shell command would start, as far as its text tells: the names in the places where commands stand.
///
/// Read without running: quotes, substitutions, here-documents, redirections and the words of the shell's own grammar are
/// understood, functions, `case` patterns and computed names are not. What is not understood shows up as a name that
/// nobody knows, or makes `isPlain` false; nothing is passed over.
package struct ShellReading {
  /// Every word where a command's name stands.
  package private(set) var names: [String] = []
  /// The words after each name, up to the end of its statement.
  package private(set) var arguments: [String: [String]] = [:]
  /// Each name with its own words, in order.
  package private(set) var calls: [(name: String, arguments: [String])] = []
  /// False where a name is computed or the text is not understood.
  package private(set) var isPlain = true

  private let text: [UInt8]
  private var position = 0
  private var word: [UInt8] = []
  private var isQuoted = false
  private var isComputed = false
  /// Whether the next word names a command.
  private var startsCommand = true
  /// Whether the next word is the file of a redirection.
  private var isRedirected = false
  /// Ends of here-documents that begin after the line.
  private var documents: [[UInt8]] = []

  package init(_ command: some Sequence<UInt8>) {
    text = Array(command)
    while position < text.count { readByte() }
    endWord()
    if !documents.isEmpty { isPlain = false }
  }

  /// Words of the shell's grammar after which a command stands.
  private static let openers: Set<String> = ["if", "then", "elif", "else", "while", "until", "do", "!", "{"]
  private static let closers: Set<String> = ["fi", "done", "esac", "}", "]]"]
  /// Words of the grammar after which none stands.
  private static let headers: Set<String> = ["for", "case", "select", "[["]
  /// Commands whose own arguments name a command.
  private static let wrappers: Set<String> = ["command", "builtin", "exec", "env", "xargs", "eval", "nohup"]

  private mutating func readByte() {
    let byte = text[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\\"): readEscaped()
    case UInt8(ascii: "'"): readUntil(UInt8(ascii: "'"))
    case UInt8(ascii: "\""): readDoubleQuoted()
    case UInt8(ascii: "$"), UInt8(ascii: "`"): readSubstitution(byte)
    case UInt8(ascii: "#") where word.isEmpty && !isQuoted: skipLine()
    case UInt8(ascii: " "), UInt8(ascii: "\t"): endWord()
    case UInt8(ascii: "<"), UInt8(ascii: ">"): readRedirection(byte)
    case UInt8(ascii: "\n"):
      endStatement()
      for end in documents { skipDocument(end) }
      documents = []
    case UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "("), UInt8(ascii: ")"): endStatement()
    default: word.append(byte)
    }
  }

  private mutating func readEscaped() {
    guard position < text.count else { return }
    if text[position] != UInt8(ascii: "\n") { word.append(text[position]) }
    position += 1
  }

  private mutating func readUntil(_ end: UInt8) {
    isQuoted = true
    let close = text[position...].firstIndex(of: end) ?? text.endIndex
    if close == text.endIndex { isPlain = false }
    word += text[position..<close]
    position = min(close + 1, text.count)
  }

  private mutating func readDoubleQuoted() {
    isQuoted = true
    while position < text.count {
      let byte = text[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return
      case UInt8(ascii: "\\"): readEscaped()
      case UInt8(ascii: "$"), UInt8(ascii: "`"): readSubstitution(byte)
      default: word.append(byte)
      }
    }
    isPlain = false
  }

  /// After `$` or a backquote: a variable, or a command whose text is read like the whole.
  private mutating func readSubstitution(_ byte: UInt8) {
    isComputed = true
    if byte == UInt8(ascii: "`") {
      let start = position
      readUntil(byte)
      add(ShellReading(text[start..<max(start, position - 1)]))
    } else if position < text.count, text[position] == UInt8(ascii: "(") {
      let start = position + 1
      skipParentheses()
      // $((...)) is a number.
      if start < text.count, text[start] == UInt8(ascii: "(") { return }
      add(ShellReading(text[start..<max(start, position - 1)]))
    } else if position < text.count, text[position] == UInt8(ascii: "'") {
      // $'...': a quoted text with escapes.
      position += 1
      while position < text.count, text[position] != UInt8(ascii: "'") {
        position += text[position] == UInt8(ascii: "\\") ? 2 : 1
      }
      position = min(position + 1, text.count)
      isQuoted = true
    }
  }

  private mutating func skipParentheses() {
    var depth = 0
    while position < text.count {
      let byte = text[position]
      position += 1
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") { depth -= 1 }
      if depth == 0 { return }
    }
    isPlain = false
  }

  private mutating func add(_ inner: ShellReading) {
    names += inner.names
    // The words after a substitution still belong to the call that it stands in.
    calls.insert(contentsOf: inner.calls, at: startsCommand || calls.isEmpty ? calls.count : calls.count - 1)
    arguments.merge(inner.arguments) { $0 + $1 }
    isPlain = isPlain && inner.isPlain
  }

  private mutating func skipLine() {
    position = text[position...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
  }

  private mutating func readRedirection(_ byte: UInt8) {
    // Digits before it are a descriptor.
    if word.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), !isQuoted { word = [] }
    endWord()
    let rest = text[position...]
    if byte == UInt8(ascii: "<"), rest.starts(with: "<<".utf8) {
      position += 2
      isRedirected = true
    } else if byte == UInt8(ascii: "<"), rest.first == byte {
      position += 1
      readDocumentEnd()
    } else if rest.first == UInt8(ascii: "(") {
      isRedirected = false
    } else {
      while position < text.count, [byte, UInt8(ascii: "&"), UInt8(ascii: "|")].contains(text[position]) {
        position += 1
      }
      isRedirected = true
    }
  }

  private mutating func readDocumentEnd() {
    if position < text.count, text[position] == UInt8(ascii: "-") { position += 1 }
    while position < text.count, text[position] == UInt8(ascii: " ") { position += 1 }
    let end = text[position...].prefix { !" \t\n;|&<>()".utf8.contains($0) }
    position = end.endIndex
    documents.append(end.filter { !"'\"\\".utf8.contains($0) })
    let isLiteral = end.contains { "'\"\\".utf8.contains($0) }
    // Without quotes the document is expanded, and may hold commands.
    if !isLiteral, text[position...].contains(UInt8(ascii: "`")) || text[position...].contains("$(".utf8) {
      isPlain = false
    }
  }

  private mutating func skipDocument(_ end: [UInt8]) {
    while position < text.count {
      let line = text[position...].prefix { $0 != UInt8(ascii: "\n") }
      position = min(line.endIndex + 1, text.count)
      if line.drop(while: { $0 == UInt8(ascii: "\t") }).elementsEqual(end) { return }
    }
    isPlain = false
  }

  private mutating func endStatement() {
    endWord()
    startsCommand = true
    isRedirected = false
  }

  private mutating func endWord() {
    defer { (word, isQuoted, isComputed) = ([], false, false) }
    guard !word.isEmpty || isQuoted || isComputed else { return }
    if isRedirected {
      isRedirected = false
      return
    }
    let text = String(decoding: word, as: UTF8.self)
    if startsCommand { endCommandWord(text) } else { endArgument(text) }
  }

  private mutating func endCommandWord(_ text: String) {
    if !isQuoted, Self.openers.contains(text) || Self.closers.contains(text) { return }
    if !isQuoted, Self.headers.contains(text) {
      startsCommand = false
      return
    }
    if Self.isAssignment(word) || text.hasPrefix("-") { return }
    if isComputed { isPlain = false }
    names.append(text)
    calls.append((text, []))
    startsCommand = Self.wrappers.contains(text)
  }

  private mutating func endArgument(_ text: String) {
    if ["-exec", "-execdir", "-ok", "-okdir"].contains(text) { startsCommand = true }
    if let name = names.last { arguments[name, default: []].append(text) }
    if !calls.isEmpty { calls[calls.count - 1].arguments.append(text) }
  }

  private static func isAssignment(_ word: [UInt8]) -> Bool {
    guard let equals = word.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { return false }
    return word[..<equals].allSatisfy {
      $0 == UInt8(ascii: "_") || UnicodeScalar($0).properties.isAlphabetic || $0 < 0x3a
    }
  }
}
