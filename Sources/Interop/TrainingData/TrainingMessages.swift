import Episodes

/// An episode as the messages that TRL reads: the prompt, and what followed it.
///
/// Answers keep their tags, because a policy is trained to write them. Output of commands is a message of the user, as a
/// model behind an API sees it.
struct TrainingMessages: Sendable, Hashable {
  struct Message: Sendable, Hashable {
    var role: String
    var text: String
  }

  private(set) var prompt: [Message]
  private(set) var completion: [Message] = []

  /// `nil` for an episode without an answer, and for one in which the experimenter put words into the policy's mouth: they
  /// are never trained on, and a message cannot exclude them.
  init?(_ transcript: Transcript) {
    let dialogue = Dialogue(transcript)
    guard !dialogue.answers.isEmpty, !dialogue.answers.contains(where: \.isSteered) else { return nil }
    prompt = dialogue.prompt.messages.map { Message(role: $0.role, text: $0.text) }
    var opening = dialogue.prompt.opening
    for entry in dialogue.entries {
      switch entry {
      case .request(let text): append("user", text)
      case .answer(let answer):
        append("assistant", opening + answer.text)
        opening = ""
        if let output = answer.output { append("user", output) }
      }
    }
    while completion.last?.role == "user" { completion.removeLast() }
  }

  private mutating func append(_ role: String, _ text: String) {
    if completion.last?.role == role {
      completion[completion.count - 1].text += text
    } else {
      completion.append(Message(role: role, text: text))
    }
  }

  static func json(_ messages: [Message]) -> OrderedJSON {
    .array(messages.map { .object(["role": .string($0.role), "content": .string($0.text)]) })
  }
}

extension ExportedEpisode {
  /// Where a training example comes from.
  func source(in run: ExportedRun) -> OrderedJSON {
    .object([
      "run": .string(run.name), "episode": .integer(id), "checkpoint": .string(key.checkpoint),
      "environment": .string(key.environment), "arm": .string(key.arm.rawValue), "purpose": .string(key.purpose),
      "variant": .integer(key.variant), "sample": .integer(key.sample),
    ])
  }
}
