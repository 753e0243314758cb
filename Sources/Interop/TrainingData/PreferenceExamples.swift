import Episodes
import Storage

/// Pairs of a better and a worse episode of one prompt, by their stored rewards: JSON Lines with `prompt`, `chosen` and
/// `rejected` as lists of messages.
///
/// The episodes of one prompt are ordered by reward. The best is paired with the worst, the second best with the second
/// worst, and so on while the rewards differ, so no episode is in two pairs.
package struct PreferenceExamples: Sendable {
  /// What was written, and what was left out and why.
  package struct Summary: Sendable, Hashable, Codable {
    package var pairs = 0
    package var prompts = 0
    /// Episodes without a stored reward, failed ones included.
    package var unrewarded = 0
    /// Episodes with words put into the policy's mouth.
    package var steered = 0
  }

  private struct Candidate {
    var exported: ExportedEpisode
    var messages: TrainingMessages
    var reward: Double
  }

  /// What the episodes of one prompt have in common.
  private struct Group: Hashable {
    var cell: Cell
    var variant: Int
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
    var candidates: [Candidate] = []
    var group: Group?
    try episodes.forEach { exported in
      let own = Group(cell: exported.cell, variant: exported.key.variant)
      if own != group {
        try pair(candidates, &summary, line)
        candidates = []
        group = own
      }
      guard exported.isAnswered, let reward = exported.annotations.reward?.total else { return summary.unrewarded += 1 }
      guard let messages = TrainingMessages(exported.episode.transcript) else { return summary.steered += 1 }
      candidates.append(Candidate(exported: exported, messages: messages, reward: reward))
    }
    try pair(candidates, &summary, line)
    return summary
  }

  /// Pairs the episodes of one variant. Their prompts are equal unless an intervention rewrote some of them.
  private func pair(_ candidates: [Candidate], _ summary: inout Summary, _ line: ([UInt8]) throws -> Void) throws {
    for same in Dictionary(grouping: candidates, by: \.messages.prompt).values
      .sorted(by: { $0[0].exported.key.sample < $1[0].exported.key.sample })
    {
      // Equal rewards keep the order of the samples.
      let ordered = same.enumerated().sorted { ($1.element.reward, $0.offset) < ($0.element.reward, $1.offset) }
        .map(\.element)
      let before = summary.pairs
      for (better, worse) in zip(ordered, ordered.reversed()).prefix(ordered.count / 2)
      where better.reward > worse.reward {
        try line(example(better, worse).bytes)
        summary.pairs += 1
      }
      if summary.pairs > before { summary.prompts += 1 }
    }
  }

  private func example(_ better: Candidate, _ worse: Candidate) -> OrderedJSON {
    .object([
      "prompt": TrainingMessages.json(better.messages.prompt),
      "chosen": TrainingMessages.json(better.messages.completion),
      "rejected": TrainingMessages.json(worse.messages.completion),
      "chosen_reward": .number(better.reward), "rejected_reward": .number(worse.reward),
      "chosen_source": better.exported.source(in: run), "rejected_source": worse.exported.source(in: run),
    ])
  }
}
