import Episodes
import Storage

/// Episodes as supervised training examples: JSON Lines with `prompt` and `completion` as lists of messages.
package struct SupervisedExamples: Sendable {
  /// What was written, and what was left out and why.
  package struct Summary: Sendable, Hashable, Codable {
    package var examples = 0
    /// Episodes that failed, or in which the policy wrote nothing.
    package var failed = 0
    /// Episodes with words put into the policy's mouth.
    package var steered = 0
  }

  private let run: ExportedRun
  private let episodes: EpisodeStream

  package init(_ episodes: EpisodeStream, of run: ExportedRun) {
    self.run = run
    self.episodes = episodes
  }

  /// - Parameter line: takes a line without its end.
  /// - Throws: `StoreError`; `CancellationError`; what `line` throws.
  package func write(_ line: ([UInt8]) throws -> Void) throws -> Summary {
    var summary = Summary()
    try episodes.forEach { exported in
      guard exported.isAnswered else { return summary.failed += 1 }
      guard let messages = TrainingMessages(exported.episode.transcript) else { return summary.steered += 1 }
      let reward = exported.annotations.reward
      try line(
        OrderedJSON.object([
          "prompt": TrainingMessages.json(messages.prompt), "completion": TrainingMessages.json(messages.completion),
          "reward": reward.map { .number($0.total) }, "source": exported.source(in: run),
        ]).bytes)
      summary.examples += 1
    }
    return summary
  }
}

extension ExportedEpisode {
  /// Whether the episode was graded and the policy wrote something.
  var isAnswered: Bool {
    episode.result.outcome != nil
      && episode.transcript.segments.contains { $0.source == .policy && !($0.text.isEmpty && $0.tokens.isEmpty) }
  }
}
