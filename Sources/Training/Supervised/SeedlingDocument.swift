package import Episodes
package import Tokenization

/// A dialogue to learn from: a prompt, then what the policy writes and what its tools answer, in turn.
package struct SeedlingDocument: Sendable {
  package var prompt: Prompt
  package var segments: [Segment]

  package init(prompt: Prompt, segments: [Segment]) {
    self.prompt = prompt
    self.segments = segments
  }

  /// The document as the policy will meet it, with the end-of-turn token: the policy's own words weigh 1, what it reads
  /// weighs `otherWeight`.
  package func example(_ tokenizer: some Tokenizer, otherWeight: Float) throws -> TrainingExample {
    let prompt = try tokenizer.encode(
      dialogue: prompt.messages.map { ($0.role.rawValue, $0.text) }, opening: prompt.opening)
    var example = TrainingExample(tokens: prompt, weights: prompt.map { _ in otherWeight })
    for segment in segments {
      let tokens = tokenizer.encode(segment.text, specials: .tags, after: example.tokens.last)
      example.append(tokens, weight: segment.source == .policy ? 1 : otherWeight)
    }
    example.append([tokenizer.endOfTurn], weight: 1)
    return example
  }

  /// The texts that a vocabulary is learned from.
  package var texts: [String] { prompt.messages.map(\.text) + segments.map(\.text) }
}
