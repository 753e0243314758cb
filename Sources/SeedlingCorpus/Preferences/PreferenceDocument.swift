package import Episodes

/// Two answers to one generated prompt, the better and the worse.
package struct PreferenceDocument: Sendable, Hashable {
  package let family: PreferenceFamily
  /// What is wrong with the rejected answer.
  package let fault: PreferenceFault
  /// The whole dialogues, hidden thoughts included; their prompts are the same.
  package let chosen: TrainingDocument
  package let rejected: TrainingDocument

  package var prompt: [Message] { chosen.prompt.messages }
  /// The answers as a human sees them: commands, their output and messages, without thoughts.
  package var chosenText: String { chosen.visibleText }
  package var rejectedText: String { rejected.visibleText }
}

extension TrainingDocument {
  /// The policy's whole answer with what its tools printed, without its thoughts.
  fileprivate var visibleText: String {
    VisibleText(of: Transcript([Segment(.prompt, prompt.opening)] + segments)).text
  }

  /// What the policy says last, outside of all tags.
  var message: String {
    let last = segments.last?.text ?? ""
    let message = last.lastIndex(of: ">").map { last[last.index(after: $0)...] } ?? last[...]
    return String(message.drop { $0 == " " })
  }

  /// The same commands with another last message.
  func saying(_ message: String) -> TrainingDocument {
    var document = self
    let old = segments.last?.text ?? ""
    document.segments[segments.count - 1].text = String(old.dropLast(self.message.count)) + message
    return document
  }

  /// The message alone: nothing was run.
  func sayingAtOnce(_ message: String) -> TrainingDocument {
    with(segments: [Segment(.policy, " i will answer.\(ProtocolTag.thought.closing) \(message)")])
  }

  /// The commands before the first that changes a file, then the message. The same document when nothing was run before.
  func sayingBeforeChange() -> TrainingDocument {
    guard let change = segments.firstIndex(where: \.isChange), change > 0 else { return sayingAtOnce(message) }
    return with(segments: segments[..<change] + [Segment(.policy, " " + message)])
  }

  /// All that was run, and then no word; `nil` when nothing was run.
  func unfinished() -> TrainingDocument? {
    segments.count > 1 ? with(segments: segments.dropLast()) : nil
  }

  /// A further command, which prints nothing, before the last message.
  func running(_ command: String) -> TrainingDocument {
    let run = Segment(.policy, ProtocolTag.command.opening + command + ProtocolTag.command.closing)
    let nothing = ToolOutput(standardOutput: "", standardError: "", status: 0)
    return with(
      segments: segments.dropLast() + [run, Segment(.tool, nothing.markup(limit: 1_000))] + segments.suffix(1))
  }

  /// The last change of a file puts in another value, and nothing is run after it; the message stays. `nil` when there is
  /// no number in the change.
  func changing(_ draw: inout Draw) -> TrainingDocument? {
    guard let index = segments.lastIndex(where: \.isChange) else { return nil }
    let text = segments[index].text
    let command = text.range(of: ProtocolTag.command.opening)?.upperBound ?? text.startIndex
    let value = text[command...].lastIndex(of: "/").map { text[..<$0] }?.matches(of: /-?[0-9]+/).last
    guard let value, text.contains("sed -i"), let old = Int(value.output) else { return nil }
    var change = segments[index]
    change.text = text.replacingCharacters(in: value.range, with: String(draw.value(not: old)))
    return with(segments: segments[..<index] + [change, segments[index + 1], Segment(.policy, " " + message)])
  }

  private func with(segments: some Sequence<Segment>) -> TrainingDocument {
    var document = self
    document.segments = Array(segments)
    return document
  }
}

extension Segment {
  /// Whether the policy changes a file in it.
  fileprivate var isChange: Bool {
    source == .policy
      && ["sed -i", "echo '", "rm ", "mv ", "cp "].contains { text.contains(ProtocolTag.command.opening + $0) }
  }
}

extension String {
  fileprivate func range(of other: String) -> Range<Index>? { firstRange(of: other) }

  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
