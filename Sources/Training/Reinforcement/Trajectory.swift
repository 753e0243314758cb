internal import Episodes
internal import Tokenization

// Shapes of what is listed here: one number for each of a rollout's actions, in order.

/// A rollout that fits the model, with the positions of its actions.
struct Trajectory {
  let tokens: [Int32]
  /// Where the actions stand in `tokens`; each from 1 on, since a first token follows from nothing.
  let actions: [Int]
  /// The tokens that were drawn there.
  let targets: [Int32]
  /// What was recorded while they were drawn.
  let recorded: [Float]?
  /// Which of them belong to the chain of thought.
  var isThought: [Bool]
  let reward: Float
  let group: Int
  let isTruncated: Bool

  /// The part that fits `context`; a rollout that loses actions is one that was cut off.
  init(_ rollout: Rollout, context: Int) {
    // The last action needs no state of its own, so that a row may be one longer than the context.
    let kept = min(rollout.tokens.count, context + 1)
    tokens = Array(rollout.tokens.prefix(kept))
    let all = rollout.isAction.indices.filter { $0 > 0 && rollout.isAction[$0] }
    let actions = all.filter { $0 < kept }
    self.actions = actions
    targets = actions.map { (rollout.targets ?? rollout.tokens)[$0] }
    isThought = actions.map { _ in false }
    recorded = rollout.logProbabilities.map { probabilities in actions.map { probabilities[$0] } }
    reward = rollout.reward
    group = rollout.group
    isTruncated = rollout.isTruncated || actions.count < all.count
  }

  /// The same with `isThought` read from the text: an action belongs to the thought in which its first byte stands, tags
  /// included.
  func readingThoughts(_ tokenizer: any Tokenizer) -> Trajectory {
    guard let first = actions.first else { return self }
    let isOpen = Self.endsInOpening(tokenizer.decode(bytes: tokens[..<first], after: nil))
    var (bytes, starts): ([UInt8], [Int]) = ([], [])
    for place in first..<tokens.count {
      starts.append(bytes.count)
      bytes += tokenizer.decode(bytes: CollectionOfOne(tokens[place]), after: tokens[place - 1])
    }
    // Tags are ASCII; other bytes, which may be cut characters, only keep their number.
    let text = String(decoding: bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    var end = isOpen ? -ProtocolTag.thought.opening.utf8.count : 0
    var thoughts: [Range<Int>] = []
    for block in Block.parse(text, insideThought: isOpen) {
      let start = end
      end += block.markup.utf8.count
      if case .thought = block { thoughts.append(start..<end) }
    }
    var read = self
    read.isThought = actions.map { action in thoughts.contains { $0.contains(starts[action - first]) } }
    return read
  }

  private static func endsInOpening(_ prompt: [UInt8]) -> Bool {
    let text = String(decoding: prompt.suffix(64), as: UTF8.self)
    return text.reversed().drop(while: \.isWhitespace).starts(with: ProtocolTag.thought.opening.reversed())
  }

  /// Tokens that the model reads, at most its context.
  func inputs(context: Int) -> ArraySlice<Int32> { tokens.prefix(context) }
}

/// What a model says of a trajectory.
struct TrajectoryScores {
  var logProbabilities: [Float]
  /// Of the distribution that each action was drawn from, in nats; empty when not asked for.
  var entropies: [Float] = []
  /// Of the state before each action; empty without a value head.
  var values: [Float] = []
  /// Of the state after the last action. When the context is full there is none: then of the last there is.
  var next: Float = 0
}
