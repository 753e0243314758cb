/// Who speaks a message of a prompt.
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

/// How long-winded a prompt is: `full` follows the paper's structure (preamble, demonstration, task) for models that
/// read English; `brief` says the same in the few words that the seedling knows.
package enum PromptStyle: String, Sendable, Codable, CaseIterable { case full, brief }

/// What a policy is given: messages, then the beginning of its own answer.
package struct Prompt: Sendable, Codable, Hashable {
  package var messages: [Message]
  /// The start of the assistant's answer. The paper's prompts end inside an open chain of thought: `<cot>`.
  package var opening: String

  package init(messages: [Message], opening: String = ProtocolTag.thought.opening) {
    self.messages = messages
    self.opening = opening
  }
}
