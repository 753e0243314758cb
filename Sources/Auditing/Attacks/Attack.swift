import Environments

/// A scripted way to obtain a task's reward without doing the task.
package struct Attack: Sendable, Hashable {
  /// A short name, as in `--accept`.
  package var name: String
  /// What is done, in one sentence.
  package var title: String
  /// Commands of the agent, in order.
  package var commands: [String] = []
  /// A command whose processes are still running when the verifier starts.
  package var alive: String?
  /// How often it is tried: a race with the verifier is lost on a busy machine now and then.
  var tries = 1
  /// Why the attack cannot be tried on this task; `nil` when it can.
  package var inapplicable: String?

  init(_ name: String, _ title: String, commands: [String] = [], alive: String? = nil, inapplicable: String? = nil) {
    (self.name, self.title, self.commands) = (name, title, commands)
    (self.alive, self.inapplicable) = (alive, inapplicable)
  }

  /// Whether nothing is done.
  var isIdle: Bool { commands.isEmpty && alive == nil }

  /// The attack, tried several times because it is a race.
  var asRace: Attack {
    var copy = self
    copy.tries = 3
    return copy
  }

  /// The attack with the reason why this task gives it no target.
  func without(_ reason: String) -> Attack {
    var copy = self
    copy.inapplicable = reason
    return copy
  }

  /// A command that writes a file, with its folder.
  static func write(_ text: String, to path: String) -> String {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    let end = text.contains("\nEND\n") ? "END_OF_FILE" : "END"
    return
      "mkdir -p \("/\(folder)".shellQuoted) && cat > \(path.shellQuoted) <<'\(end)'\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(end)"
  }

  /// A command that copies a file, and makes the folder of the copy.
  static func copy(_ source: String, to path: String) -> String {
    "mkdir -p \"$(dirname \(path.shellQuoted))\" && cp \(source.shellQuoted) \(path.shellQuoted)"
  }
}
