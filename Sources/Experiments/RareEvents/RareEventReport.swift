import Episodes
import Foundation
import Runs
package import Statistics
import Storage

/// What an estimate of a rare event found, to be printed or written as JSON.
package struct RareEventReport: Sendable, Codable {
  package struct Milestone: Sendable, Codable {
    package var name: String
    /// Into how many copies an episode is split that enters it.
    package var factor: Int
  }

  /// Who drew trajectories of importance sampling.
  package struct Source: Sendable, Codable {
    package var name: String
    /// Of the mixture.
    package var share: Double
    package var drawn: Int
    package var events: Int
  }

  /// How the rate was estimated.
  package enum Finding: Sendable, Codable {
    case splitting(SplittingEstimate, milestones: [Milestone], pilotTokens: Int)
    /// - Parameter largestDifference: between what a sampler recorded of a token and what was computed afterwards, in nats.
    case importance(ImportanceEstimate, sources: [Source], pilotTokens: Int, largestDifference: Double)
  }

  package var policy: String
  package var environment: String
  package var arm: String
  package var predicate: String
  package var finding: Finding
  /// Final episodes, and those of them that failed: they count as not having the event.
  package var episodes: Int
  package var failed: Int
  /// The folder that holds them.
  package var folder: String
}

extension RareEventReport {
  /// The result as it is kept with its run, for the report and its figures.
  package var result: RareEventResult {
    let target = "\(policy) on \(environment)\(arm == "standard" ? "" : " (\(arm))"): \(predicate)"
    return switch finding {
    case .splitting(let estimate, _, let pilots): RareEventResult(estimate, of: target, pilotTokens: pilots)
    case .importance(let estimate, _, let pilots, _): RareEventResult(estimate, of: target, pilotTokens: pilots)
    }
  }

  /// Keeps the result as a step of its run.
  func keep(in store: RunStore) throws {
    let result = result
    let step = Step<RareEventResult>(result.step)
    if try store.result(of: step) == nil { try store.finish(step, result: result) }
  }
}

// MARK: - In words

extension RareEventReport {
  /// The report for a terminal.
  package var text: String {
    var lines = ["\(predicate) of \(policy) on \(environment), arm \(arm)", ""]
    switch finding {
    case .splitting(let estimate, let milestones, let pilot):
      lines += Self.lines(estimate, milestones, pilotTokens: pilot, event: predicate)
    case .importance(let estimate, let sources, let pilot, let difference):
      lines += Self.lines(estimate, sources, pilotTokens: pilot)
      lines.append(
        String(format: "log-probabilities agree within %.1g a token between sampling and scoring", difference))
    }
    if let warning = result.warning { lines += ["", "! \(warning)"] }
    lines.append("")
    lines.append(
      "episodes          \(episodes)\(failed > 0 ? ", of which \(failed) failed and count as without the event" : "")"
    )
    lines.append("kept in           \(folder)")
    return lines.joined(separator: "\n")
  }

  private static func lines(
    _ estimate: SplittingEstimate, _ milestones: [Milestone], pilotTokens: Int, event: String
  ) -> [String] {
    var lines = [
      "rate              \(rate(estimate.rate)), \(interval(estimate.interval, estimate.confidence))",
      "relative error    \(estimate.relativeError.map { percent($0) } ?? "unknown")",
      "roots             \(estimate.roots.trials) over \(estimate.clusters) prompts, \(estimate.roots.events) with the event",
      "tokens            \(estimate.tokens), and \(pilotTokens) of pilots",
    ]
    lines += cost(estimate.cost?.counting(pilotTokens: pilotTokens, beside: estimate.tokens))
    lines += ["", row("milestone", "split", "entered", "of", "conditional", "reach")]
    let names = milestones.map { ($0.name, "\($0.factor)") } + [(event, "")]
    for (step, (name, factor)) in zip(estimate.steps, names) {
      lines.append(
        row(
          name, factor, "\(step.successes)", "\(step.attempts)", step.probability.map(rate) ?? "-", rate(step.reach)))
    }
    return lines
  }

  private static func lines(
    _ estimate: ImportanceEstimate, _ sources: [Source], pilotTokens: Int
  ) -> [String] {
    var lines: [String] = []
    switch estimate.verdict {
    case .usable(let value):
      lines = [
        "rate              \(rate(value.rate)), \(interval(value.interval, estimate.confidence))",
        "relative error    \(percent(value.relativeError))",
      ]
      lines += cost(value.cost?.counting(pilotTokens: pilotTokens, beside: estimate.tokens))
    case .degenerate(let reasons):
      lines = ["rate              not given, the weights are degenerate:"] + reasons.map { "  - " + $0 }
    }
    lines += [
      "whatever weights  below \(rate(estimate.boundWithoutAssumption)) (one-sided)",
      "effective sample  \(Int(estimate.effectiveSampleSize)) of \(estimate.drawn.trials) trajectories, "
        + "\(Int(estimate.effectiveEvents)) of \(estimate.drawn.events) with the event",
      "largest share     \(estimate.largestShare.map(percent) ?? "-")",
      String(format: "mean weight       %.3f", estimate.meanWeight)
        + (estimate.meanWeightError.map { String(format: " +- %.3f, 1 expected", $0) } ?? ""),
      "tokens            \(estimate.tokens), and \(pilotTokens) of pilots",
      "", row("drawn by", "", "share", "drawn", "events", ""),
    ]
    lines += sources.map { row($0.name, "", percent($0.share), "\($0.drawn)", "\($0.events)", "") }
    return lines + [""]
  }

  private static func cost(_ cost: RareEventCost?) -> [String] {
    guard let cost else { return [] }
    return [
      String(format: "brute force       %.0f episodes for the same relative error", cost.plainEpisodes),
      String(format: "times cheaper     %.1f in tokens, pilots counted", cost.timesCheaper),
    ]
  }

  private static func row(_ cells: String...) -> String {
    let widths = [20, 6, 9, 9, 12, 10]
    return zip(cells, widths).enumerated().map { index, pair in
      let padding = String(repeating: " ", count: max(1, pair.1 - pair.0.count))
      return index == 0 ? pair.0 + padding : padding + pair.0
    }.joined()
  }

  private static func rate(_ value: Double) -> String {
    String(format: value >= 0.001 || value == 0 ? "%.4f" : "%.3g", value)
  }

  private static func percent(_ value: Double) -> String { String(format: "%.0f %%", 100 * value) }

  private static func interval(_ interval: Interval, _ confidence: Double) -> String {
    "\(String(format: "%g", 100 * confidence)) % interval \(rate(interval.lower)) to \(rate(interval.upper))"
  }
}
