import Episodes

/// A rendered prompt cut back into the messages that it was rendered from.
///
/// The store keeps the text that the policy read, with the marks of its chat format. Where the whole text follows one of the
/// formats below, each message gets its role. Any other text is one message of the user, as it stands.
struct PromptMessages: Sendable, Hashable {
  struct Message: Sendable, Hashable {
    /// `system`, `user` or `assistant`.
    var role: String
    var text: String
  }

  /// The name of the chat format; `nil` if the text follows none.
  let format: String?
  let messages: [Message]
  /// The beginning of the policy's own answer, for example `<cot>`.
  let opening: String

  init(_ text: String) {
    for format in PromptFormat.all {
      if let (messages, opening) = format.parse(text) {
        self.format = format.name
        self.messages = messages
        self.opening = opening
        return
      }
    }
    format = nil
    opening = text.hasSuffix(ProtocolTag.thought.opening) ? ProtocolTag.thought.opening : ""
    let rest = String(decoding: text.utf8.dropLast(opening.utf8.count), as: UTF8.self)
    messages = rest.isEmpty ? [] : [Message(role: "user", text: rest)]
  }
}

extension PromptMessages {
  /// The messages as a prompt with the marks of the first format none of whose marks occur in the texts. Where all occur, the
  /// marks of the last format are broken by a backslash, so that a text cannot forge a role.
  static func rendered(_ messages: [Message]) -> String {
    if messages.isEmpty { return "" }
    let formats = PromptFormat.all.filter { $0.roles["system"] != nil }.reversed()
    let free = formats.first { format in
      messages.allSatisfy { !$0.text.contains(format.before) && !$0.text.contains(format.after) }
    }
    if let free { return free.render(messages) }
    guard let format = formats.first else { return messages.map(\.text).joined(separator: "\n\n") }
    return format.render(
      messages.map { Message(role: $0.role, text: $0.text.replacing(format.before, with: "<\\|")) })
  }
}

/// The marks around a message: `before role between TEXT after`.
private struct PromptFormat {
  let name: String
  let before: String
  let between: String
  let after: String
  var roles = ["system": "system", "user": "user", "assistant": "assistant"]

  static let all = [
    PromptFormat(name: "chatml", before: "<|im_start|>", between: "\n", after: "<|im_end|>\n"),
    PromptFormat(
      name: "llama3", before: "<|start_header_id|>", between: "<|end_header_id|>\n\n", after: "<|eot_id|>"),
    PromptFormat(
      name: "gemma", before: "<start_of_turn>", between: "\n", after: "<end_of_turn>\n",
      roles: ["user": "user", "model": "assistant"]),
    PromptFormat(name: "roles", before: "<|", between: "|>", after: "<|end|>"),
  ]
  private static let beginnings = ["", "<bos>", "<|begin_of_text|>", "<s>"]

  /// The messages and the beginning of the answer; `nil` if the text does not follow the format to its end.
  func parse(_ text: String) -> (messages: [PromptMessages.Message], opening: String)? {
    var rest = Substring(text)
    for beginning in Self.beginnings where !beginning.isEmpty && rest.hasPrefix(beginning) {
      rest = rest.dropFirst(beginning.count)
    }
    var messages: [PromptMessages.Message] = []
    while let (role, body) = header(rest) {
      if let end = body.firstRange(ofBytes: after) {
        messages.append(.init(role: role, text: String(body[..<end.lowerBound])))
        rest = body[end.upperBound...]
      } else {
        // The header of the policy's own answer.
        return role == "assistant" && !messages.isEmpty ? (messages, String(body)) : nil
      }
    }
    return nil
  }

  /// The messages with their marks, and the header of the policy's own answer.
  func render(_ messages: [PromptMessages.Message]) -> String {
    messages.map { before + $0.role + between + $0.text + after }.joined() + before + "assistant" + between
  }

  private func header(_ text: Substring) -> (role: String, body: Substring)? {
    for (written, role) in roles {
      let mark = (before + written + between).utf8
      if text.utf8.starts(with: mark) { return (role, text[text.utf8.index(text.startIndex, offsetBy: mark.count)...]) }
    }
    return nil
  }
}
