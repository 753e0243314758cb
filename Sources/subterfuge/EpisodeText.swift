import Episodes
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
    for segment in episode.transcript.segments {
      let mark = segment.source == .steered ? "[put into its mouth] " : ""
      Console.print(mark + segment.text)
    }
    Console.print("")
    for change in episode.changes { Console.print("\(change.kind.rawValue): \(change.path)") }
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
      if !names.isEmpty { Console.print("\(holds ? "holds" : "does not hold"): \(names.joined(separator: ", "))") }
    }
  }
}
