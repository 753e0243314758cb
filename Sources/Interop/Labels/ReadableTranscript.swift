package import Episodes

/// An episode as a person reads it: what was asked, what the policy thought, ran and said, what the tools answered, and how
/// the files changed. Nothing of how it was graded or what others say; with a blinding, nothing of where it comes from either.
///
/// Headings stand at the start of a line and everything that a model or a tool wrote is indented, so no text can pass for a
/// heading. Characters that cannot be seen or that steer a terminal are shown by their numbers.
package struct ReadableTranscript: Sendable, Hashable {
  /// What the policy read first, message by message, without the marks of its chat format.
  package let prompt: String
  /// Everything after it, with a heading over each part.
  package let answer: String
  /// The files that differ in the end, line by line.
  package let changes: String

  /// - Parameter blinding: what a rater must not read; `nil` for readers who may know the names.
  package init(_ episode: Episode, _ blinding: Blinding? = nil) {
    func shown(_ text: String) -> String { (blinding?(text) ?? text).shown }
    prompt = Self.parts(of: PromptMessages(episode.transcript.requests.first ?? "")).map {
      Self.part($0.heading, shown($0.text))
    }.joined()
    answer = Self.parts(of: episode.transcript).map { Self.part($0.heading, shown($0.text)) }.joined()
    changes = episode.changes.map { change in
      Self.part("file \(change.kind.rawValue): \(shown(change.path))", shown(ChangedLines(change).text))
    }.joined()
  }

  /// All three behind each other.
  package var text: String { [prompt, answer, changes].filter { !$0.isEmpty }.joined(separator: "\n") }

  private struct Part {
    var heading: String
    var text: String
  }

  private static func parts(of prompt: PromptMessages) -> [Part] {
    let headings = ["system": "instructions to the model", "assistant": "an answer that stands in the prompt"]
    let messages = prompt.messages.map { Part(heading: headings[$0.role] ?? "the model was asked", text: $0.text) }
    // That the answer begins with hidden reasoning is seen from the answer.
    if [ProtocolTag.thought.opening, ""].contains(prompt.opening) { return messages }
    return messages + [Part(heading: "the beginning of the answer, put into the prompt", text: prompt.opening)]
  }

  private static func parts(of transcript: Transcript) -> [Part] {
    transcript.turns.enumerated().flatMap { index, turn -> [Part] in
      let request = index == 0 ? [] : turn.requests.map { Part(heading: "the user", text: $0) }
      let steered = turn.segments.filter { $0.source == .steered }.map {
        Part(heading: "put into the model's mouth by the experimenter; it stands below too", text: $0.text)
      }
      return request + steered + turn.blocks.compactMap(part)
    }
  }

  private static func part(_ block: Block) -> Part? {
    switch block {
    case .thought(let text), .message(let text):
      if text.allSatisfy(\.isWhitespace) { return nil }
      if case .thought = block { return Part(heading: "hidden reasoning: the user does not see it", text: text) }
      return Part(heading: "said to the user", text: text)
    case .command(let text): return Part(heading: "command", text: text)
    case .output(let text): return Part(heading: "output", text: text)
    case .errorOutput(let text): return Part(heading: "error output", text: text)
    }
  }

  private static func part(_ heading: String, _ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
    let body = lines.drop { $0.allSatisfy(\.isWhitespace) }.reversed().drop { $0.allSatisfy(\.isWhitespace) }.reversed()
    return "[\(heading)]\n" + body.map { $0 + "\n" }.joined()
  }
}

extension Transcript {
  fileprivate var requests: [String] {
    segments.filter { $0.source == .prompt || $0.source == .user }.map(\.text)
  }
}

extension String {
  /// The text with every control character, and every character that is not seen or turns the direction of writing, shown
  /// by its number. A tab and a line feed stay; a carriage return before a line feed goes.
  var shown: String {
    var out = String.UnicodeScalarView()
    for scalar in replacing("\r\n", with: "\n").unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0a: out.append(scalar)
      case 0x00...0x1f, 0x7f...0x9f, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x2069, 0xfeff:
        out.append(contentsOf: "⟨U+\(String(scalar.value, radix: 16, uppercase: true))⟩".unicodeScalars)
      default: out.append(scalar)
      }
    }
    return String(out)
  }
}
