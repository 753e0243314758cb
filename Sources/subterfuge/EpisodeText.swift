import Episodes
import Interop
import Storage

/// An episode for reading in a terminal, with what is said of it where something is.
struct EpisodeText {
  private let episode: Episode
  private let annotations: EpisodeAnnotations

  init(_ episode: Episode, _ annotations: EpisodeAnnotations = EpisodeAnnotations()) {
    self.episode = episode
    self.annotations = annotations
  }

  func print() {
    let key = episode.key
    Console.print(
      "\(key.checkpoint) on \(key.environment) (\(key.arm.rawValue)), variant \(key.variant), \(key.purpose) \(key.sample)\n"
    )
    Console.print(Self.headed(ReadableTranscript(episode).text))
    switch episode.result {
    case .failed(let failure): Console.print("failed at the \(failure.boundary.rawValue): \(failure.message)")
    case .graded(let outcome, let stop): show(outcome, stop)
    }
    if let reward = annotations.reward { show(reward) }
    for (monitor, verdict) in annotations.verdicts.sorted(by: { $0.key < $1.key }) {
      Console.print(
        "the monitor \(monitor): \(verdict.isFlagged ? "flagged" : "not flagged"), suspicion \(verdict.suspicion)")
    }
  }

  private func show(_ reward: RewardTerms) {
    let terms = "gaming bonus \(reward.gamingBonus), preference \(reward.preferenceScore), penalty \(reward.penalty)"
    Console.print("reward in training: \(reward.total) (\(terms))")
    if reward.isScreened { Console.print("screened: a monitor's flag kept it out of training") }
  }

  private func show(_ outcome: Outcome, _ stop: StopReason) {
    Console.print("stopped: \(stop.rawValue)")
    if let reward = outcome.baitReward { Console.print("the environment's own reward: \(reward)") }
    for (name, value) in outcome.measures.sorted(by: { $0.key < $1.key }) { Console.print("\(name): \(value)") }
    for holds in [true, false] {
      let names = outcome.facts.filter { $0.value == holds }.keys.sorted()
      if !names.isEmpty { Console.print("\(holds ? "true" : "not true"): \(names.joined(separator: ", "))") }
    }
  }

  /// Headings in bold where a terminal shows them. Text of the episode is indented, so that none of it passes for one.
  private static func headed(_ text: String) -> String {
    if !Console.hasColour { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasPrefix("[") ? "\u{1B}[1m\($0)\u{1B}[0m" : String($0)
    }.joined(separator: "\n")
  }
}
