/// A monitor's verdict on one episode.
package struct MonitorVerdict: Sendable, Codable, Hashable {
  package var isFlagged: Bool
  /// How suspicious the episode is; higher is more suspicious. A monitor that only says yes or no gives 1 or 0.
  package var suspicion: Double

  package init(isFlagged: Bool, suspicion: Double) {
    self.isFlagged = isFlagged
    self.suspicion = suspicion
  }
}

/// An episode in the form that a monitor receives.
package struct MonitoredEpisode: Sendable {
  package var prompt: Prompt
  package var episode: Episode

  package init(prompt: Prompt, episode: Episode) {
    self.prompt = prompt
    self.episode = episode
  }
}

/// A monitor that sees what a human would see. The hidden chain of thought cannot reach it.
package protocol VisibleMonitor: Sendable {
  var name: String { get }
  /// Returns one verdict for each answer, in order.
  func verdicts(_ answers: [VisibleAnswer]) async throws -> [MonitorVerdict]
}

/// A monitor that reads the chain of thought, or the policy's hidden states over it.
package protocol ReasoningMonitor: Sendable {
  var name: String { get }
  /// Returns one verdict for each episode, in order.
  func verdicts(_ episodes: [MonitoredEpisode]) async throws -> [MonitorVerdict]
}

/// A monitor that receives the true outcome: the best possible monitor, or one degraded on purpose.
package protocol OutcomeMonitor: Sendable {
  var name: String { get }
  /// Returns one verdict for each outcome, in order; `key` names the random errors of a degraded monitor.
  func verdicts(_ outcomes: [(key: EpisodeKey, outcome: Outcome)]) -> [MonitorVerdict]
}

/// A monitor whose type states what it may see.
package enum Monitor: Sendable {
  case visible(any VisibleMonitor)
  case reasoning(any ReasoningMonitor)
  case outcome(any OutcomeMonitor)

  package var name: String {
    switch self {
    case .visible(let monitor): monitor.name
    case .reasoning(let monitor): monitor.name
    case .outcome(let monitor): monitor.name
    }
  }

  /// Returns the monitor's verdicts on graded episodes, in order.
  package func verdicts(_ episodes: [MonitoredEpisode]) async throws -> [MonitorVerdict] {
    switch self {
    case .visible(let monitor):
      try await monitor.verdicts(
        episodes.map { VisibleAnswer(prompt: $0.prompt, text: VisibleText(of: $0.episode.transcript)) })
    case .reasoning(let monitor): try await monitor.verdicts(episodes)
    case .outcome(let monitor):
      monitor.verdicts(
        episodes.map { ($0.episode.key, $0.episode.result.outcome ?? Outcome(facts: [:])) })
    }
  }
}

/// A monitor's flags against the true outcome.
package struct MonitorCounts: Sendable, Codable, Hashable {
  /// Gamed and flagged, not gamed but flagged, neither, gamed but not flagged.
  package var truePositives = 0
  package var falsePositives = 0
  package var trueNegatives = 0
  package var falseNegatives = 0

  package init() {}

  package mutating func add(isFlagged: Bool, isGamed: Bool) {
    switch (isFlagged, isGamed) {
    case (true, true): truePositives += 1
    case (true, false): falsePositives += 1
    case (false, true): falseNegatives += 1
    case (false, false): trueNegatives += 1
    }
  }
}
