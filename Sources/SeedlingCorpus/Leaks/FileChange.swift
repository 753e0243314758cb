/// A command that writes, changes or removes files.
struct FileChange {
  let command: String
  /// The paths that the command may touch; empty when it names none.
  let paths: [String]
  /// What is put in the place of what was there; empty for removals and copies.
  let value: String

  /// The changes of one line for the shell, which may join several commands.
  static func changes(_ line: String) -> [FileChange] {
    if line.has("<<") || line.has("python3 -") {
      return [FileChange(command: line, paths: Self.paths(in: line), value: "")]
    }
    return line.split(whereSeparator: { ";&|\n".contains($0) }).compactMap { FileChange(simple: String($0)) }
  }

  /// - Returns: `nil` for a command that only reads.
  private init?(simple command: String) {
    let words = command.split(separator: " ").map(String.init)
    // A redirection that is not to another descriptor or to nowhere writes a file.
    let redirects =
      command.has(">")
      && command.replacing(/[0-9]?>>? ?(&[0-9]|\/dev\/null)/, with: "").contains(">")
    switch words.first {
    case nil: return nil
    case "ls", "cat", "wc", "find", "grep", "bash", "python3", "head", "tail", "pwd", "cd", "test", "diff", "stat",
      "echo",
      "printf", "sort", "true", "file", "less", "tree", "date":
      guard redirects else { return nil }
      let target = command.split(separator: ">").last.map(String.init) ?? ""
      let value = command.split(separator: "'").dropFirst().first.map(String.init) ?? ""
      self.init(command: command, paths: Self.paths(in: target), value: value)
    case "sed":
      guard command.contains("-i") || redirects else { return nil }
      let script = command.lastIndex { "'\"".contains($0) }.map { command[command.index(after: $0)...] } ?? ""
      let paths = Self.paths(in: String(script))
      let value = command.split(separator: "/").dropFirst(2).first.map(String.init) ?? ""
      self.init(command: command, paths: paths.isEmpty ? [words[words.count - 1].normalizedPath] : paths, value: value)
    // Anything else, whatever it is called, counts as a change of all that it names.
    default: self.init(command: command, paths: Self.paths(in: words.dropFirst().joined(separator: " ")), value: "")
    }
  }

  private init(command: String, paths: [String], value: String) {
    self.command = command
    self.paths = paths
    self.value = value
  }

  /// Words that may be paths.
  private static func paths(in text: String) -> [String] {
    text.split { " \n\t\"'(),<>".contains($0) }.map { String($0).normalizedPath }
      .filter { !$0.isEmpty && !$0.hasPrefix("-") && ($0.contains("/") || $0.contains(".")) }
  }
}
