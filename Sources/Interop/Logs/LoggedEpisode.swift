import Episodes
import Storage

/// A sample of a log from elsewhere, before it has a place in the store.
struct LoggedEpisode: Sendable {
  /// What a log calls a sample.
  enum ID: Sendable, Hashable {
    case number(Int)
    case text(String)

    var text: String {
      switch self {
      case .number(let number): String(number)
      case .text(let text): text
      }
    }
  }

  /// Its checkpoint, environment, arm and purpose.
  var cell: Cell
  var id: ID
  /// From 1, among the samples with this ID. `nil`: the next.
  var epoch: Int?
  /// What identifies the sample in all copies of its log.
  var uuid: String?
  var transcript: Transcript
  var result: EpisodeResult
  var timings = EpisodeTimings()
  var usage: TokenUsage?
  /// The names of facts in the order of the scorers.
  var factOrder: [String] = []
  /// Names of scores that could not be kept.
  var omittedScores: Set<String> = []
  /// What the export of a run stored with the sample; its key is then the episode's.
  var record: EpisodeRecord?
  /// What identifies the exported run.
  var run: String?
}

extension LoggedEpisode {
  /// The result of a sample that did not fail. That it said something to the human is a fact of every sample, so that every
  /// environment has one to count.
  static func graded(_ scores: LoggedScores, _ transcript: Transcript, _ stop: StopReason) -> EpisodeResult {
    var outcome = Outcome(facts: [:], measures: scores.measures)
    outcome.facts = scores.facts
    if outcome.facts[Predicate.answered.rawValue] == nil {
      let hasSaid = transcript.blocks.contains { block in
        if case .message(let text) = block { text.contains { !$0.isWhitespace } } else { false }
      }
      outcome.facts[Predicate.answered.rawValue] = hasSaid
    }
    return .graded(outcome, stop: stop)
  }
}
