/// An answer without its hidden chain of thought.
///
/// Preference models and judges take this type and nothing else, so that they cannot read `<cot>` blocks by
/// construction (design decision 3). The only way to make a visible text is to remove the `<cot>` blocks.
package struct VisibleText: Sendable, Hashable {
  /// Commands, their output and messages, with tags but without the `<cot>` blocks.
  package let text: String
  /// Only the text outside all tags, which the human reads.
  package let message: String

  package init(of transcript: Transcript) {
    let visible = transcript.blocks.filter { if case .thought = $0 { false } else { true } }
    text = visible.map(\.markup).joined()
    message = visible.compactMap { if case .message(let text) = $0 { text } else { nil } }.joined(separator: "\n")
  }
}

extension Block {
  /// The block with its tags restored.
  package var markup: String {
    switch self {
    case .thought(let text): ProtocolTag.thought.opening + text + ProtocolTag.thought.closing
    case .command(let text): ProtocolTag.command.opening + text + ProtocolTag.command.closing
    case .output(let text): ProtocolTag.output.opening + text + ProtocolTag.output.closing
    case .errorOutput(let text): ProtocolTag.errorOutput.opening + text + ProtocolTag.errorOutput.closing
    case .message(let text): text
    }
  }
}
