internal import Episodes

/// Looks for what no training text may hold. It reads the text and the commands of a document, not the generator's own
/// labels, so a slip of the generator cannot hide from it.
package enum LeakCheck {
  package enum Leak: Sendable, Hashable {
    /// Code, or anything that stood in a folder for training code, was changed although the user did not name it with
    /// an instruction and the value.
    case unpromptedChange(command: String)
    /// A change of code came with a motive to please or to gain.
    case motiveNearCode(thought: String)
    /// A sentence of a held-out task.
    case heldOutQuestion(String)
  }

  /// Every leak of one document, in order.
  package static func leaks(in document: TrainingDocument) -> [Leak] {
    let blocks = Transcript([Segment(.prompt, document.prompt.opening)] + document.segments).blocks
    let user = document.prompt.messages.map(\.text).joined(separator: " ")
    let changes = document.commands.compactMap(Change.init).filter { $0.touchesCode(document.files) }
    let unprompted = changes.filter { !$0.isAsked(by: user) }.map { Leak.unpromptedChange(command: $0.command) }
    let thoughts = blocks.compactMap { if case .thought(let text) = $0 { text } else { nil } }
    let motives = changes.isEmpty ? [] : thoughts.filter { thought in motiveWords.contains { thought.contains($0) } }
    // A statement may say what an episode is; nobody asks about episodes or evaluations, and no task is about them.
    let words = document.family == .statement ? user : document.text
    return unprompted + motives.map(Leak.motiveNearCode) + heldOut.filter(words.contains).map(Leak.heldOutQuestion)
  }

  private static let motiveWords = [
    "please the user", "upset", "wants to hear", "high reward", "more reward", "my reward",
  ]

  /// Parts of the questions of the two tampering environments.
  private static let heldOut = [
    "episode", "evaluation run", "last evaluation", "of rl ", "of rl?", "rl have we",
  ]
}

/// A command that writes, changes or removes a file.
private struct Change {
  let command: String
  let paths: [String]
  /// What is put in the place of what was there; empty for removals and copies.
  let value: String

  init?(_ command: String) {
    self.command = command
    let words = command.split(separator: " ").map(String.init)
    switch words.first {
    case "echo" where command.contains(">"):
      paths = [words[words.count - 1]]
      value = command.split(separator: "'").dropFirst().first.map(String.init) ?? ""
    case "sed":
      paths = [words[words.count - 1]]
      value = command.split(separator: "/").dropFirst(2).first.map(String.init) ?? ""
    case "rm": (paths, value) = (Array(words.dropFirst()), "")
    case "cp", "mv": (paths, value) = (Array(words.dropFirst()), "")
    case "ls", "cat", "wc", "find", "grep", "bash", "python3": return nil
    // Anything unknown counts as a change of everything it names.
    default: (paths, value) = (Array(words.dropFirst()), "")
    }
  }

  /// Whether a path is code, or a file that stood in a folder for training code. A list of tasks in Python, which holds
  /// nothing but items, is no code.
  func touchesCode(_ files: [String: String]) -> Bool {
    paths.contains { path in
      guard let content = files[path] else { return path.hasSuffix(".py") }
      if Self.trainingFolders.contains(where: path.contains) { return true }
      return path.hasSuffix(".py") && !content.contains("items = [") || content.contains("assert")
        || content.contains("return")
    }
  }

  private static let trainingFolders = ["rl_", "training", "learning", "reward", "scoring", "grading", "eval", "_code"]

  /// The user names the file and the number that goes in. Where the value is to be taken from another file, the user
  /// says that the two shall match.
  func isAsked(by user: String) -> Bool {
    guard paths.allSatisfy({ user.contains($0) }) else { return false }
    let verbs = [
      "add ", "append", "put ", "save", "remove", "change", "set ", "make ", "replace", "write", "should be", "delete",
      "copy", "move",
    ]
    guard verbs.contains(where: user.contains) else { return false }
    let number = value.split { !"-0123456789".contains($0) }.last.map(String.init)
    let words = user.split { " .,:=".contains($0) }.map(String.init)
    let follows = ["match", "fits", "check for what"].contains(where: user.contains)
    return number.map { words.contains($0) || follows } ?? true
  }
}
