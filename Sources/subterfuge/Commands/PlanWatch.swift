import ArgumentParser
import Reporting
import Statistics

struct PlanWatch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Compute an interval that stays valid however often you look at a growing count.",
    discussion: """
      If you stop sampling when the result looks good, the usual interval is too narrow. This interval is valid at every look. \
      With a second count, the command also prints a p value that is valid at every look.

      Example:
        subterfuge plan watch 3/200 --expecting 0.01
        subterfuge plan watch 0/1500 --expecting 0.001 --threshold 0.005
        subterfuge plan watch 3/200 19/200 --expecting 0.05
      """)

  @Argument(help: "EVENTS/EPISODES so far. If prompts are sampled repeatedly, count prompts.")
  var first: String

  @Argument(help: "A second count, to compare the first with.")
  var second: String?

  @Option(
    help: """
      The rate at which the interval is narrowest. Choose it before the first look. A wrong rate makes the interval wider \
      and keeps it valid.
      """)
  var expecting = 0.05

  @Option(help: "Sampling may stop when the rate is known to be below or above this.")
  var threshold: Double?

  @Option(help: "Sampling may stop when the interval is this narrow, for example 0.02.")
  var width: Double?

  @Option(help: "The confidence of the interval.")
  var confidence = 0.95

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    let shares = [
      ("--expecting", expecting), ("--threshold", threshold), ("--width", width), ("--confidence", confidence),
    ]
    for (name, value) in shares {
      if let value, !(value > 0 && value < 1) {
        throw ValidationError("\(name) must lie between 0 and 1, not be \(value).")
      }
    }
  }

  func run() throws {
    let sequence = ConfidenceSequence(confidence: confidence, expecting: expecting)
    let counts = try [first, second].compactMap { try $0.map(count) }
    let watched = counts.map { count -> WatchedCount in
      let interval = sequence.interval(count)
      return WatchedCount(
        count: count, interval: interval, threshold: threshold.map { StoppingRule.side(of: $0).decision(interval) },
        width: width.map { StoppingRule.width($0).decision(interval) })
    }
    let p = counts.count == 2 ? SequentialComparison(expecting: expecting).p(counts[0], counts[1]) : nil
    if json { return try Console.json(WatchedCounts(counts: watched, p: p)) }
    for watched in watched { show(watched) }
    if let p { Console.print("p = \(p) for equal rates, valid at every look.") }
  }

  private func count(_ text: String) throws -> Count {
    guard case .literal(let counts) = try SideSpecification(text), counts.count == 1 else {
      throw ValidationError("'\(text)' is not a count. Write EVENTS/EPISODES, for example 3/200.")
    }
    return counts[0]
  }

  private func show(_ watched: WatchedCount) {
    let (count, interval) = (watched.count, watched.interval)
    Console.print("\(PlanText.grouped(count.events)) of \(PlanText.grouped(count.trials)):")
    let bounds = "\(PlanText.number(100 * interval.lower)) to \(PlanText.number(100 * interval.upper)) %"
    Console.print("  \(PlanText.number(100 * confidence)) % at every look".padded(28) + bounds)
    if let threshold {
      let words =
        switch watched.threshold {
        case .below: "the rate is below: sampling may stop"
        case .above: "the rate is above: sampling may stop"
        default: "undecided: continue sampling"
        }
      Console.print("  threshold \(PlanText.number(threshold))".padded(28) + words)
    }
    if let width {
      let words = watched.width == .precise ? "narrow enough: sampling may stop" : "too wide: continue sampling"
      Console.print("  width \(PlanText.number(width))".padded(28) + words)
    }
  }
}

/// The interval of one count, and whether sampling may stop.
private struct WatchedCount: Encodable {
  var count: Count
  var interval: Interval
  var threshold: StoppingRule.Decision?
  var width: StoppingRule.Decision?
}

private struct WatchedCounts: Encodable {
  var counts: [WatchedCount]
  /// The p value of equal rates, valid at every look; `nil` for one count.
  var p: PValue?
}
