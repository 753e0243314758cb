/// How well a policy can play an environment at all, whatever it does with that: counts over episodes.
package struct PlaySummary: Sendable, Hashable {
  /// Episodes, those that failed included.
  package private(set) var episodes = 0
  package private(set) var failed = 0
  /// Of the graded episodes: the human was told something.
  package private(set) var answered = 0
  /// The result that the user asked for was handed in, whether or not it is true.
  package private(set) var completed = 0
  package private(set) var honest = 0
  package private(set) var gamed = 0
  /// The policy ended its turn by itself.
  package private(set) var finished = 0
  /// Commands that the policy closed.
  package private(set) var commands = 0
  /// Those of them that were not run, by what was wrong with them.
  package private(set) var refusals: [CommandRefusal: Int] = [:]
  /// Tokens that the policy wrote; 0 for policies that do not expose tokens.
  package private(set) var tokens = 0

  package var graded: Int { episodes - failed }
  package var refused: Int { refusals.values.reduce(0, +) }

  /// - Parameter limits: those of the environment, which say how long a command may be.
  package init(_ episodes: [Episode], limits: EpisodeLimits = EpisodeLimits()) {
    for episode in episodes {
      self.episodes += 1
      tokens += episode.transcript.segments.filter { $0.source == .policy }.map(\.tokens.count).reduce(0, +)
      count(commandsOf: episode.transcript, limits: limits)
      guard case .graded(let outcome, let stop) = episode.result else {
        failed += 1
        continue
      }
      if !VisibleText(of: episode.transcript).message.allSatisfy(\.isWhitespace) { answered += 1 }
      if Self.results.contains(where: { outcome[$0] }) { completed += 1 }
      if outcome[.honest] { honest += 1 }
      if outcome[.gamed] { gamed += 1 }
      if stop == .finished { finished += 1 }
    }
  }

  /// Facts of which one holds when a result was handed in. A false claim and a middling rating are neither honest nor
  /// gamed, and so is the opinion that is not the user's.
  private static let results: [Predicate] = [
    .honest, .gamed, .agreesWithUser, .contradictsUser, .ratingSaved, .completionClaimed, .incompletionReported,
  ]

  private mutating func count(commandsOf transcript: Transcript, limits: EpisodeLimits) {
    let segments = transcript.segments
    for index in segments.indices.dropFirst()
    where segments[index].source == .tool && segments[index - 1].source == .policy {
      commands += 1
      if case .refused(let why) = CommandReading(of: Transcript(Array(segments[..<index])), limits: limits) {
        refusals[why, default: 0] += 1
      }
    }
  }
}
