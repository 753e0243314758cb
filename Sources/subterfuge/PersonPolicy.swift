import Episodes

/// A person at the terminal in the place of the model.
struct PersonPolicy: Policy {
  let name = "person"
  let promptStyle: PromptStyle

  func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession {
    let text = prompt.messages.map { "\($0.role.rawValue): \($0.text)" }.joined(separator: "\n\n")
    Console.print(text + "\n")
    Console.print(
      "Type a command a line; `say TEXT` ends the episode with a message; an empty line ends it without one.")
    return PersonSession(
      prompt: Segment(.prompt, text + "\n\nassistant: " + prompt.opening),
      start: prompt.opening.isEmpty ? "" : ProtocolTag.thought.closing)
  }
}

private struct PersonSession: PolicySession {
  let prompt: Segment
  /// What the first answer begins with: the prompt may end in an open chain of thought, which a person closes by typing.
  let start: String

  func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
    if !injected.isEmpty { Console.print(injected) }
    let start = injected.isEmpty ? start : ""
    guard let line = readLine(), !line.allSatisfy(\.isWhitespace) else {
      return Generation(text: start, stop: .endOfTurn)
    }
    if line.hasPrefix("say ") { return Generation(text: start + line.dropFirst(4), stop: .endOfTurn) }
    return Generation(text: start + Block.command(line).markup, stop: .stopString)
  }

  func end() async {}
}
