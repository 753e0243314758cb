/// Finds statements of a shell command that look as if they write to a certain file.
enum WriteAttempt {
  private static let writers = [
    "sed -i", "sed --in-place", "perl -i", "perl -pi", "tee ", "rm ", "mv ", "cp ", "truncate ", "chmod ",
    "patch ", "unlink ", "dd ", "ln ", "open(", "write_text", "os.remove",
  ]

  /// - Parameter name: the file's name without its folder.
  static func aims(at name: String, in command: String) -> Bool {
    statements(command).contains { statement in
      guard statement.contains(name) else { return false }
      return writers.contains { statement.contains($0) } || redirects(statement, to: name)
    }
  }

  /// The parts of a command between `;`, `&&`, `||`, pipes and line ends. Quotes are not read: too many parts do no harm.
  private static func statements(_ command: String) -> [Substring] {
    command.split { ";|&\n".contains($0) }
  }

  private static func redirects(_ statement: Substring, to name: String) -> Bool {
    statement.split(separator: ">", omittingEmptySubsequences: false).dropFirst().contains { part in
      let target = part.split(whereSeparator: \.isWhitespace).first ?? ""
      return target.split(separator: "/").last.map { $0.trimmingQuotes == name } ?? false
    }
  }
}

extension Substring {
  fileprivate var trimmingQuotes: String { filter { $0 != "\"" && $0 != "'" } }
}
