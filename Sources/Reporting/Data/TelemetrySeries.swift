import Storage

/// One measured quantity over the training of a condition, sequence by sequence.
package struct TelemetrySeries: Sendable, Codable, Hashable {
  /// As in the telemetry: `reward/total`, `kl`, ...
  package var metric: String
  package var condition: String
  package var lines: [Line]

  package struct Line: Sendable, Codable, Hashable {
    package var replicate: Int
    package var points: [Point]
  }

  package struct Point: Sendable, Codable, Hashable {
    /// Rounds of the sequence so far, counted from 1 over all of its stages.
    package var round: Int
    package var value: Double
  }

  /// What the report draws, in this order.
  static let shown = ["reward/total", "rate/gamed", "rate/honest", "kl", "entropy"]

  /// Every series that is drawn and has a finite value, condition by condition.
  static func all(_ rounds: [RoundSummary]) -> [TelemetrySeries] {
    let sequences = Dictionary(grouping: rounds, by: \.branch)
    return rounds.map(\.branch.condition).uniqued.flatMap { condition in
      let branches = sequences.keys.filter { $0.condition == condition }.sorted { $0.replicate < $1.replicate }
      return shown.compactMap { metric in
        let lines = branches.compactMap { branch in Line(metric, branch.replicate, sequences[branch] ?? []) }
        return lines.isEmpty ? nil : TelemetrySeries(metric: metric, condition: condition, lines: lines)
      }
    }
  }
}

extension TelemetrySeries.Line {
  /// - Returns: `nil` without a finite value.
  fileprivate init?(_ metric: String, _ replicate: Int, _ rounds: [RoundSummary]) {
    self.replicate = replicate
    points = rounds.enumerated().compactMap { index, round in
      guard let value = round.metrics[metric], value.isFinite else { return nil }
      return TelemetrySeries.Point(round: index + 1, value: value)
    }
    if points.isEmpty { return nil }
  }
}
