import Episodes

/// A message of a log from elsewhere.
struct LoggedMessage: Sendable, Hashable {
  enum Role: String, Sendable { case system, user, assistant, tool }

  enum Part: Sendable, Hashable {
    case thought(String)
    case text(String)
  }

  /// A tool call.
  struct Call: Sendable, Hashable {
    var name: String
    var arguments: OrderedJSON

    /// Names of tools that run a command in a shell, in lower case, and of the argument that holds the command.
    private static let shells: Set = [
      "bash", "bash_command", "shell", "execute_bash", "exec_command", "run_command", "local_shell", "terminal",
    ]
    private static let commandNames = ["cmd", "command", "keystrokes"]

    /// The call as a command: the command itself for a shell, else the tool's name with the arguments as JSON.
    var command: String {
      if Self.shells.contains(name.lowercased()) {
        for key in Self.commandNames {
          if let text = arguments[key]?.string { return text }
          if let words = arguments[key]?.array?.compactMap(\.string), !words.isEmpty {
            return words.joined(separator: " ")
          }
        }
      }
      return "\(name) \(String(decoding: arguments.bytes, as: UTF8.self))"
    }
  }

  var role: Role
  var parts: [Part]
  var calls: [Call] = []
  /// What went wrong with a tool call.
  var error: String?
  /// Whether the message is part of the sample's input.
  var isInput = false
  /// Whether the experimenter put an assistant's message into the model's mouth.
  var isSteered = false

  /// The text outside reasoning.
  var text: String {
    parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
  }

  /// An assistant's message as a policy writes it. Tags in the texts are broken, because a tag decides what the human sees.
  var answer: String {
    let said = parts.map { part in
      switch part {
      case .thought(let text): ProtocolTag.thought.wrapped(text)
      case .text(let text): text.withoutProtocolTags
      }
    }
    return (said + calls.map { ProtocolTag.command.wrapped($0.command) }).joined()
  }

  /// A tool's message as a policy reads it.
  var output: String {
    ToolOutput(standardOutput: text, standardError: error ?? "", status: error == nil ? 0 : 1).markup(limit: .max)
  }
}

extension ProtocolTag {
  fileprivate func wrapped(_ text: String) -> String { opening + text.withoutProtocolTags + closing }
}

extension Transcript {
  /// The messages of a log as an episode: the prompt up to the model's first answer, then answers, outputs and further
  /// requests.
  init(_ messages: [LoggedMessage]) {
    self.init()
    let first = messages.firstIndex { $0.role == .assistant && !$0.isInput } ?? messages.count
    if first > 0 { segments.append(Segment(.prompt, PromptMessages.rendered(messages[..<first]))) }
    for message in messages[first...] {
      switch message.role {
      case .assistant: segments.append(Segment(message.isSteered ? .steered : .policy, message.answer))
      case .tool: segments.append(Segment(.tool, message.output))
      case .user, .system: segments.append(Segment(.user, message.text.withoutProtocolTags))
      }
    }
  }
}

extension PromptMessages {
  /// Messages as a prompt that `init(_:)` cuts back into them. An earlier answer in a prompt keeps its commands and their
  /// output, as a demonstration does.
  static func rendered(_ messages: some Sequence<LoggedMessage>) -> String {
    var turns: [Message] = []
    for message in messages {
      switch message.role {
      case .tool where turns.last?.role == "assistant": turns[turns.count - 1].text += message.output
      case .tool: turns.append(Message(role: "user", text: message.output))
      case .assistant where turns.last?.role == "assistant": turns[turns.count - 1].text += message.answer
      case .assistant: turns.append(Message(role: "assistant", text: message.answer))
      case .system, .user: turns.append(Message(role: message.role.rawValue, text: message.text))
      }
    }
    return rendered(turns)
  }
}
