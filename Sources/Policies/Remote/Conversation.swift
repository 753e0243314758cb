internal import Episodes

/// What has been said between a user and a model behind an API.
///
/// A transcript is one text in which tool output follows commands. An API takes messages in turn. Where the server goes on
/// with answers that were begun, everything since the user's last message is one answer. Elsewhere, tool output is a message
/// of the user, and what the model wrote before it a message of its own.
struct Conversation: Sendable, Hashable {
  private(set) var messages: [Message]
  /// Tool output stands inside the model's answer.
  let continuesAnswers: Bool

  init(_ prompt: Prompt, continuesAnswers: Bool) {
    self.continuesAnswers = continuesAnswers
    messages = prompt.messages
    open(prompt.opening)
  }

  /// Whether the model has to go on with words that stand there already.
  var isOpen: Bool { messages.last?.role == .assistant }

  /// What the model has said since the user's last message, tool output included.
  var answer: String { isOpen ? messages[messages.count - 1].text : "" }

  /// Adds words of the model's answer, its own or put into its mouth.
  mutating func append(answer text: String) {
    guard !text.isEmpty else { return }
    if isOpen { messages[messages.count - 1].text += text } else { messages.append(Message(.assistant, text)) }
  }

  /// Adds text that the episode put behind the model's words: tool output and steered words.
  mutating func append(injected text: String) {
    guard !continuesAnswers else { return append(answer: text) }
    for piece in Self.pieces(of: text) {
      if piece.isOutput { append(user: piece.text) } else { append(answer: piece.text) }
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

  /// Cuts a text into blocks of tool output and what stands between them. Output cannot hold the tags itself.
  private static func pieces(of text: String) -> [(text: String, isOutput: Bool)] {
    var pieces: [(text: String, isOutput: Bool)] = []
    var rest = text[...]
    let tags: [ProtocolTag] = [.output, .errorOutput]
    while !rest.isEmpty {
      let next = tags.compactMap { tag in rest.firstRange(of: tag.opening).map { (tag, $0) } }
        .min { $0.1.lowerBound < $1.1.lowerBound }
      guard let (tag, start) = next, let end = rest[start.upperBound...].firstRange(of: tag.closing) else {
        pieces.append((String(rest), false))
        break
      }
      if start.lowerBound > rest.startIndex { pieces.append((String(rest[..<start.lowerBound]), false)) }
      var after = end.upperBound
      if after < rest.endIndex, rest[after] == "\n" { after = rest.index(after: after) }
      pieces.append((String(rest[start.lowerBound..<after]), true))
      rest = rest[after...]
    }
    return pieces
  }
}
