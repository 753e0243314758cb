import Episodes

/// A person at the terminal in the place of the model.
///
/// The conversation goes to standard error, so that standard output holds the outcome alone.
struct PersonPolicy: Policy {
  let name = "person"
  let promptStyle: PromptStyle
  /// Whether the environment runs commands.
  let hasTools: Bool

  func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession {
    let text = prompt.messages.map { "\($0.role.rawValue): \($0.text)" }.joined(separator: "\n\n")
    Console.error(text + "\n")
    Console.error(
      hasTools
        ? """
        Each line is a bash command and runs in the sandbox. `say TEXT` gives TEXT to the user as your answer and ends the \
        episode. An empty line ends it without an answer.
        """ : "There are no tools here. Your line is the answer to the user and ends the episode.")
    return PersonSession(
      prompt: Segment(.prompt, text + "\n\nassistant: " + prompt.opening),
      start: prompt.opening.isEmpty ? "" : ProtocolTag.thought.closing, hasTools: hasTools)
  }
}

private struct PersonSession: PolicySession {
  let prompt: Segment
  /// What the first answer begins with: the prompt may end in an open chain of thought, which a person closes by typing.
  let start: String
  let hasTools: Bool

  func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
    if !injected.isEmpty { Console.error(injected) }
    let start = injected.isEmpty ? start : ""
    Console.ask(hasTools ? "bash> " : "answer> ")
    guard let line = readLine(), !line.allSatisfy(\.isWhitespace) else {
      return Generation(text: start, stop: .endOfTurn)
    }
    if line.hasPrefix("say ") { return Generation(text: start + line.dropFirst(4), stop: .endOfTurn) }
    if !hasTools { return Generation(text: start + line, stop: .endOfTurn) }
    return Generation(text: start + Block.command(line).markup, stop: .stopString)
  }

  func end() async {}
}
