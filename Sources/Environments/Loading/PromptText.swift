import Episodes

/// The messages of one prompt file, before its slots are filled. A file may hold several wordings of the same task.
struct PromptText: Sendable, Hashable {
  struct Wording: Sendable, Hashable {
    var roles: [Role]
    var texts: [Template]
  }

  var wordings: [Wording]

  /// Reads a brief prompt: user messages, alternatives separated by lines of `---`.
  init(brief text: String, file: String) throws {
    wordings = try Self.alternatives(text).map { wording in
      Wording(roles: [.user], texts: [try Self.template(wording.joined(separator: "\n").trimmed, file: file)])
    }
    try checkNotEmpty(file: file)
  }

  /// Reads a full or compact prompt: messages headed `## user` and `## assistant`, alternatives separated by lines of `---`.
  init(full text: String, file: String) throws {
    wordings = try Self.alternatives(text).map { lines in
      var roles: [Role] = []
      var bodies: [[Substring]] = []
      for line in lines {
        if line.hasPrefix("## "), let role = Role(rawValue: String(line.dropFirst(3)).trimmed) {
          roles.append(role)
          bodies.append([])
        } else if bodies.isEmpty {
          guard line.allSatisfy(\.isWhitespace) else {
            throw EnvironmentError("the prompt must begin with the line `## user` or `## assistant`", file: file)
          }
        } else {
          bodies[bodies.count - 1].append(line)
        }
      }
      return Wording(
        roles: roles, texts: try bodies.map { try Self.template($0.joined(separator: "\n").trimmed, file: file) })
    }
    try checkNotEmpty(file: file)
  }

  /// A line of a preamble that begins with this holds only where later episodes begin with the files of this one.
  private static let filesLastMark = "\n[files last] "

  /// The text for episodes whose files last, or for those whose files do not.
  func saying(filesLast: Bool) -> PromptText {
    var result = self
    for wording in wordings.indices {
      result.wordings[wording].texts = wordings[wording].texts.map { text in
        text.mapTexts { filesLast ? $0.replacing(Self.filesLastMark, with: " ") : Self.withoutMarkedLines($0) }
      }
    }
    return result
  }

  private static func withoutMarkedLines(_ text: String) -> String {
    var (kept, rest) = ("", Substring(text))
    while let mark = rest.firstRange(of: filesLastMark) {
      kept += rest[..<mark.lowerBound]
      rest = rest[mark.upperBound...].drop { $0 != "\n" }
    }
    return kept + rest
  }

  private func checkNotEmpty(file: String) throws {
    guard wordings.allSatisfy({ wording in !wording.texts.isEmpty && wording.texts.allSatisfy { !$0.parts.isEmpty } })
    else { throw EnvironmentError("the prompt, or one of its messages or alternatives, is empty", file: file) }
  }

  private static func alternatives(_ text: String) -> [[Substring]] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .split(whereSeparator: { $0.trimmed == "---" }).map(Array.init)
  }

  private static func template(_ text: String, file: String) throws -> Template {
    do { return try Template(text) } catch let problem as EnvironmentError {
      throw EnvironmentError(problem.message, file: file)
    }
  }
}

extension StringProtocol {
  /// Without white space at its ends.
  var trimmed: String {
    guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return String(self[start...end])
  }
}
