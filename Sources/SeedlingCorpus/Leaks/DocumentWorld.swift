internal import Episodes

/// The files that a document is about: those that it starts from, and those that its tools listed or printed.
struct DocumentWorld {
  /// A file; its content is `nil` when only its name is known.
  struct File {
    let path: String
    let content: String?

    var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    var stem: String { name.split(separator: ".").first.map(String.init) ?? name }
  }

  let files: [File]

  /// - Parameter blocks: the answer of the document.
  init(_ document: TrainingDocument, blocks: [Block]) {
    var contents: [String: String?] = document.files.mapValues { $0 }
    for (command, output) in Self.runs(blocks) {
      for (path, text) in Self.shown(by: command, output) {
        let path = path.normalizedPath
        if let known = contents[path], known != nil { continue }
        contents[path] = text
      }
    }
    files = contents.sorted { $0.key < $1.key }.map { File(path: $0.key.normalizedPath, content: $0.value) }
  }

  /// Every command with what it printed.
  private static func runs(_ blocks: [Block]) -> [(command: String, output: String)] {
    var runs: [(String, String)] = []
    var command: String?
    for block in blocks {
      switch block {
      case .command(let text): command = text
      case .output(let text):
        if let run = command { runs.append((run, text.hasPrefix("\n") ? String(text.dropFirst()) : text)) }
        command = nil
      default: break
      }
    }
    return runs
  }

  /// What a command tells of files: `ls` their names, `cat` of one file its content.
  private static func shown(by command: String, _ output: String) -> [(String, String?)] {
    let words = command.split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("cat", 2): return [(words[1], output)]
    case ("ls", 2): return output.split(separator: "\n").map { ("\(words[1])/\($0)", nil) }
    default: return []
    }
  }

  /// Code with a test of it, if the files hold any: a file that names the other one, or what it defines, and checks it.
  /// Two files with a suffix of code whose content nobody printed count as well.
  var guardedCode: (code: File, test: File)? {
    let code = files.filter(\.isCode)
    for code in code {
      if let test = files.first(where: { $0.path != code.path && $0.guards(code) }) { return (code, test) }
    }
    return code.first { $0.content.map { $0.checksSomething && !$0.defined.isEmpty } ?? false }.map { ($0, $0) }
  }

  /// A file of data and a program that checks it, if the files hold such a pair: the program opens it by its name.
  var guardedData: (data: File, test: File)? {
    for test in files where test.isCode && (test.content?.checksSomething ?? false) {
      if let data = files.first(where: { !$0.isCode && $0.path != test.path && test.content?.has($0.name) ?? false }) {
        return (data, test)
      }
    }
    return nil
  }

  /// The files that exist before a change and that it may touch; all of them when it names none.
  func existing(_ change: FileChange) -> [File] {
    let named = files.filter { file in change.paths.contains { $0 == file.path || $0 == file.name } }
    let isNew = !change.paths.isEmpty && named.isEmpty && !change.paths.contains { $0.contains("*") }
    return isNew ? [] : named.isEmpty ? files : named
  }

  /// Whether a change touches code, or a file that stood in a folder for training code. A list of items, which holds
  /// nothing but marks, is no code.
  func touchesCode(_ change: FileChange) -> Bool {
    change.paths.contains { path in
      guard let file = files.first(where: { $0.path == path }) else { return path.hasSuffix(".py") }
      return file.isCode || Self.trainingFolders.contains(where: path.contains)
    } || (change.paths.isEmpty && files.contains(where: \.isCode))
  }

  private static let trainingFolders = ["rl_", "training", "learning", "reward", "scoring", "grading", "eval", "_code"]

}

extension DocumentWorld.File {
  /// Whether the file is a program that computes something, by its content, or by its suffix where that is unknown.
  var isCode: Bool {
    guard let content else { return Self.codeSuffixes.contains { path.hasSuffix($0) } }
    guard Self.codeWords.contains(where: content.has) else { return false }
    return content.firstMatch(
      of: /\breturn\b|\bdef +(?!__)\w|\bfunction\b|\blambda\b|\bassert|=>|\bfn +\w|\bfunc +\w/) != nil
  }

  private static let codeWords = ["return", "def ", "function", "lambda", "assert", "=>", "fn ", "func "]

  private static let codeSuffixes = [
    ".py", ".sh", ".js", ".ts", ".rb", ".rs", ".go", ".c", ".cpp", ".java", ".swift", ".pl", ".lua", ".r", ".jl",
  ]

  /// Whether the file checks another.
  func guards(_ code: DocumentWorld.File) -> Bool {
    guard let content else { return isCode && code.content == nil }
    let names = [code.stem, code.name] + (code.content?.defined ?? [])
    return content.checksSomething && names.contains { content.containsWord($0) }
  }

  /// Whether it is a list of marks whose items are calls, as the environments' are: `Item("mail", done=False)`.
  var isListOfCalls: Bool { isListOfMarks && (content ?? "").contains(/\w\(.*=.*\)/) }

  /// Whether it is a few lines of text: no list with marks, no code, no settings.
  var isPlainNote: Bool { [".txt", ".md", ".log"].contains(where: path.hasSuffix) && !isCode && !isListOfMarks }

  /// Whether lines carry marks of one kind: `done=True` and `done=False`, `[x]` and `[ ]`, or the same word at the end.
  var isListOfMarks: Bool {
    let lines = (content ?? "").split(separator: "\n").map(String.init)
    if lines.count(where: { $0.contains(/\[[ xX]\]/) }) > 1 { return true }
    var values: [String: [String]] = [:]
    for line in lines {
      // `wash the dog: done=False` holds two marks, so each sign is looked for by itself.
      let marks = line.matches(of: /(\w+)\s*=\s*["']?(\w+)/) + line.matches(of: /(\w+)\s*:\s*["']?(\w+)/)
      for match in marks {
        values[String(match.1), default: []].append(String(match.2).lowercased())
      }
      if let last = line.matches(of: /[A-Za-z]+/).last, !line.hasSuffix(":") {
        values["the last word is " + last.output.lowercased(), default: []].append("")
      }
    }
    let flags: Set = [
      "true", "false", "yes", "no", "0", "1", "done", "open", "none", "ok", "todo", "finished", "pending", "",
    ]
    return values.values.contains { $0.count > 1 && (Set($0).isSubset(of: flags)) }
  }
}

extension String {
  /// Whether the text holds a piece, byte for byte; quicker than a pattern.
  func has(_ piece: String) -> Bool {
    let piece = Array(piece.utf8)
    var text = self
    return text.withUTF8 { text in
      guard let first = piece.first, text.count >= piece.count else { return piece.isEmpty }
      for start in 0...(text.count - piece.count) where text[start] == first {
        var length = 1
        while length < piece.count && text[start + length] == piece[length] { length += 1 }
        if length == piece.count { return true }
      }
      return false
    }
  }

  /// A path without what leads to the working folder.
  var normalizedPath: String {
    var path = Substring(self)
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    return String(path.drop { $0 == "/" })
  }

  /// The names of functions and classes that a program defines.
  fileprivate var defined: [String] {
    matches(of: /\b(?:def|class|function|func|fn) +(\w+)/).map { String($0.1) }.filter { !$0.hasPrefix("__") }
      + matches(of: /(?m)^(\w+) *= *lambda/).map { String($0.1) }
  }

  /// Whether the text compares something with what it must be.
  fileprivate var checksSomething: Bool {
    contains(
      /assert|==|!=|-ne |-eq |\braise\b|unittest|pytest|\bexit\b|\bdiff\b|\bcmp\b|\bmust\b|grep -q|sha256|check_call/)
  }

  fileprivate func containsWord(_ word: String) -> Bool {
    split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
      .contains { $0 == word || $0.split(separator: ".").contains { $0 == word } }
  }

  /// Words and numbers that say something, in small letters, paths left out.
  var contentWords: [String] {
    split { " \n\t,:;=?!\"'()[]{}<>|".contains($0) }
      .map { $0.lowercased().trimmingDots }
      .filter { !$0.isEmpty && !$0.contains("/") && !$0.contains("_") && !Self.plainWords.contains($0) }
  }

  private var trimmingDots: String { String(drop { $0 == "." }.reversed().drop { $0 == "." }.reversed()) }

  /// Without a plural's ending.
  var stemmed: String { count > 3 && hasSuffix("s") ? String(dropLast()) : self }

  /// Words that carry no subject.
  private static let plainWords: Set<String> = [
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "could", "did", "do", "does", "done", "find", "for",
    "from", "had", "has", "have", "here", "how", "i", "if", "in", "is", "it", "its", "know", "long", "look", "many",
    "me",
    "much", "my", "not", "now", "of", "on", "or", "our", "out", "please", "read", "say", "says", "set", "show", "so",
    "tell",
    "that", "the", "them", "then", "there", "they", "this", "to", "us", "was", "we", "were", "what", "when", "where",
    "which", "who", "will", "with", "would", "yes", "no", "you", "your", "far", "file", "files", "folder", "list",
    "took",
    "take", "last", "any", "all",
  ]
}
