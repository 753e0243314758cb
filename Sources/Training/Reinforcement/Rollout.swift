package import Episodes

/// One attempt at one prompt as reinforcement learning sees it: tokens, which of them the policy chose, and what it earned.
package struct Rollout: Sendable, Codable, Hashable {
  /// Prompt, tool output and the policy's own tokens, in order.
  package var tokens: [Int32]
  /// What was drawn at each place, where that is not `tokens` (`TokenizedTranscript`).
  package var targets: [Int32]?
  /// Which tokens the policy drew, stop tokens included; all others are read only and carry no loss.
  package var isAction: [Bool]
  /// Natural-log probability of each action under the distribution that it was drawn from, 0 elsewhere. `nil` when there are
  /// none for this text, as after recontextualisation: they are then those of the policy that training starts from.
  package var logProbabilities: [Float]?
  /// Paid once, at the last action.
  package var reward: Float
  /// Rollouts of one prompt have one number.
  package var group: Int
  /// A limit cut it off: its last action did not end it.
  package var isTruncated: Bool

  /// A rollout; all arrays must have the same length.
  package init(
    tokens: [Int32], isAction: [Bool], logProbabilities: [Float]?, reward: Float, group: Int, isTruncated: Bool = false
  ) {
    precondition(tokens.count == isAction.count && logProbabilities?.count ?? tokens.count == tokens.count)
    self.tokens = tokens
    self.isAction = isAction
    self.logProbabilities = logProbabilities
    self.reward = reward
    self.group = group
    self.isTruncated = isTruncated
  }
}

extension Rollout {
  /// The rollout of an episode; `nil` for one that failed or of which there are no tokens.
  ///
  /// - Parameters:
  ///   - reward: what the whole episode earned.
  ///   - group: a number for its prompt.
  package init?(_ episode: Episode, reward: Double, group: Int) {
    let segments = episode.transcript.segments
    guard case .graded(_, let stop) = episode.result, segments.contains(where: { !$0.tokens.isEmpty }) else {
      return nil
    }
    self.init(episode.transcript, reward: Float(reward), group: group, isTruncated: stop != .finished)
  }

  /// The tokens of a transcript, as far as the policy has read and written them.
  package init(_ transcript: Transcript, reward: Float = 0, group: Int = 0, isTruncated: Bool = false) {
    let read = TokenizedTranscript(transcript)
    self.init(
      tokens: read.tokens, isAction: read.isDrawn, logProbabilities: read.logProbabilities, reward: reward,
      group: group,
      isTruncated: isTruncated)
    if read.targets != read.tokens { targets = read.targets }
  }
}
