/// The speaker of a prompt's message.
package enum Role: String, Sendable, Codable { case user, assistant }

/// One message of a prompt.
package struct Message: Sendable, Codable, Hashable {
  package var role: Role
  package var text: String

  package init(_ role: Role, _ text: String) {
    self.role = role
    self.text = text
  }
}

/// The wording of a prompt.
package enum PromptStyle: String, NamedChoice {
  /// The paper's structure: preamble, demonstration, task, and an answer that begins inside an open chain of thought.
  case full
  /// Plain English in a third of the length, for small instruct models. They begin their answer themselves: inside a
  /// chain of thought opened by somebody else, they often answer and never close it.
  case compact
  /// The few words that the seedling knows, without a demonstration.
  case brief

  /// The start of the policy's answer, as in `Prompt`.
  package var opening: String { self == .compact ? "" : ProtocolTag.thought.opening }
}

/// The input of a policy: messages, then the beginning of the policy's own answer.
package struct Prompt: Sendable, Codable, Hashable {
  package var messages: [Message]
  /// The start of the assistant's answer. The paper's prompts end inside an open chain of thought: `<cot>`.
  package var opening: String

  package init(messages: [Message], opening: String = ProtocolTag.thought.opening) {
    self.messages = messages
    self.opening = opening
  }
}
