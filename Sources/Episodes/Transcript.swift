/// A run of text in an episode with one author.
package struct Segment: Sendable, Codable, Hashable {
  /// Who wrote the text.
  package enum Source: String, Sendable, Codable {
    case prompt, policy, tool
    /// Words put into the policy's mouth by the experimenter: shown, never trained on.
    case steered
  }

  package var source: Source
  package var text: String
  /// Token ids, empty for policies that do not expose tokens. A policy segment that ended its turn includes the stop token.
  package var tokens: [Int32]
  /// Natural-log probability of each sampled token under the distribution sampled from; empty unless `source` is `policy`.
  package var logProbabilities: [Float]

  package init(_ source: Source, _ text: String, tokens: [Int32] = [], logProbabilities: [Float] = []) {
    self.source = source
    self.text = text
    self.tokens = tokens
    self.logProbabilities = logProbabilities
  }
}

/// Everything that was said in one episode, in order.
package struct Transcript: Sendable, Codable, Hashable {
  package var segments: [Segment]

  package init(_ segments: [Segment] = []) { self.segments = segments }

  /// The whole text with every tag in place, the prompt included.
  package var text: String { segments.map(\.text).joined() }

  /// What followed the prompt, cut into blocks. The prompt ends in an open `<cot>`, so reading starts inside it.
  package var blocks: [Block] {
    let answer = segments.filter { $0.source != .prompt }.map(\.text).joined()
    return Block.parse(answer, insideThought: startsInsideThought)
  }

  /// Whether the prompt left a chain of thought open.
  package var startsInsideThought: Bool {
    segments.last { $0.source == .prompt }?.text.hasSuffix(ProtocolTag.thought.opening) ?? false
  }

  /// The commands that the policy wrote, in order.
  package var commands: [String] {
    blocks.compactMap { if case .command(let text) = $0 { text } else { nil } }
  }
}
