internal import Episodes

/// The dialogue between a user and a model behind an API.
///
/// A transcript is one text in which tool output follows commands. An API takes messages in turn. If the server continues
/// partial answers, everything since the user's last message is one answer. Otherwise tool output is a message of the user,
/// and the model's text before it is a message of the model.
struct Conversation: Sendable, Hashable {
  private(set) var messages: [Message]
  /// Whether tool output is part of the model's answer.
  let continuesAnswers: Bool

  init(_ prompt: Prompt, continuesAnswers: Bool) {
    self.continuesAnswers = continuesAnswers
    messages = prompt.messages
    open(prompt.opening)
  }

  /// Whether the next answer must continue text that is already there.
  var isOpen: Bool { messages.last?.role == .assistant }

  /// What the model has said since the user's last message, tool output included.
  var answer: String { isOpen ? messages[messages.count - 1].text : "" }

  /// Adds words of the model's answer, its own or put into its mouth.
  mutating func append(answer text: String) {
    guard !text.isEmpty else { return }
    if isOpen { messages[messages.count - 1].text += text } else { messages.append(Message(.assistant, text)) }
  }

  /// Adds text that the episode inserted after the model's words: tool output and steered words.
  mutating func append(injected text: String) {
    guard !continuesAnswers else { return append(answer: text) }
    for block in Block.parse(text, insideThought: false) {
      switch block {
      case .output, .errorOutput: append(user: block.markup + "\n")
      // The line end after a block of output.
      case .message(let text) where text.allSatisfy(\.isWhitespace): continue
      default: append(answer: block.markup)
      }
    }
  }

  /// Adds a further message of the user, and the beginning of the answer.
  mutating func append(user text: String, opening: String) {
    append(user: text)
    open(opening)
  }

  private mutating func append(user text: String) {
    if let last = messages.last, last.role == .user {
      messages[messages.count - 1].text = last.text + "\n\n" + text
    } else {
      messages.append(Message(.user, text))
    }
  }

  private mutating func open(_ opening: String) {
    guard !opening.isEmpty else { return }
    if continuesAnswers { return append(answer: opening) }
    append(user: "Begin your answer with \(opening)")
  }
}
