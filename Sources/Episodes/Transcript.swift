/// A run of text in an episode with one author.
package struct Segment: Sendable, Codable, Hashable {
  /// The author of the text.
  package enum Source: String, Sendable, Codable {
    case prompt, policy, tool
    /// Words put into the policy's mouth by the experimenter: shown, never trained on.
    case steered
    /// A further user message, after the policy has ended its turn, up to the opening of the next answer.
    case user
  }

  package var source: Source
  package var text: String
  /// Token ids, empty for policies that do not expose tokens. A policy segment that ended its turn includes the stop
  /// token.
  package var tokens: [Int32]
  /// The natural-log probability of each sampled token under the sampling distribution; empty unless `source` is
  /// `policy`.
  package var logProbabilities: [Float]
  /// What the policy has read in place of the last token that it drew; `nil`: that token. If a token continues past
  /// `</bash>`, the policy reads only the part that is in the text.
  package var lastRead: [Int32]?

  package init(
    _ source: Source, _ text: String, tokens: [Int32] = [], logProbabilities: [Float] = [], lastRead: [Int32]? = nil
  ) {
    self.source = source
    self.text = text
    self.tokens = tokens
    self.logProbabilities = logProbabilities
    self.lastRead = lastRead
  }

  /// Appends the next text of the same author.
  mutating func append(_ next: Segment) {
    text += next.text
    tokens += next.tokens
    logProbabilities += next.logProbabilities
    lastRead = next.lastRead
  }

  /// Whether the segment is a request to the policy and not part of an answer.
  fileprivate var isRequest: Bool { source == .prompt || source == .user }
}

/// Everything said in one episode, in order.
package struct Transcript: Sendable, Codable, Hashable {
  package var segments: [Segment]

  package init(_ segments: [Segment] = []) { self.segments = segments }

  /// The whole text with every tag in place, including the prompt.
  package var text: String { segments.map(\.text).joined() }

  /// The turns of the dialogue, each as its own transcript: the prompt with the first answer, then every further user
  /// message with its answer. Most episodes have one turn.
  package var turns: [Transcript] {
    var turns: [Transcript] = []
    for segment in segments {
      if turns.isEmpty || segment.source == .user { turns.append(Transcript()) }
      turns[turns.count - 1].segments.append(segment)
    }
    return turns
  }

  /// The answers, cut into blocks; requests to the policy are omitted. After a request that ends in an open `<cot>`,
  /// the answer begins inside the chain of thought, so every turn is parsed on its own.
  package var blocks: [Block] {
    turns.flatMap { turn in
      let answer = turn.segments.filter { !$0.isRequest }.map(\.text).joined()
      return Block.parse(answer, insideThought: turn.startsInsideThought)
    }
  }

  /// Whether the request of the first turn left a chain of thought open.
  package var startsInsideThought: Bool {
    segments.prefix { $0.isRequest }.last?.text.hasSuffix(ProtocolTag.thought.opening) ?? false
  }

  /// The commands that the policy wrote, in order.
  package var commands: [String] {
    blocks.compactMap { if case .command(let text) = $0 { text } else { nil } }
  }
}
