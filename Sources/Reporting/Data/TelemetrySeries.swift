import Foundation
import Runs
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

  /// Every series that is drawn and has a finite value, condition by condition in the order of their rounds.
  ///
  /// - Parameter points: the telemetry in the store; without any, the means that the rounds keep are drawn.
  static func all(_ points: [MetricPoint], _ rounds: [RoundSummary]) -> [TelemetrySeries] {
    let series = Dictionary(grouping: (points.isEmpty ? means(rounds) : points).filter(\.value.isFinite)) {
      [$0.branch.condition, $0.name]
    }
    return rounds.map(\.branch.condition).uniqued.flatMap { condition in
      shown.compactMap { metric in
        let lines = Dictionary(grouping: series[[condition, metric]] ?? [], by: \.branch.replicate)
          .map {
            Line(
              replicate: $0, points: $1.map { Point(round: $0.step, value: $0.value) }.sorted { $0.round < $1.round })
          }
          .sorted { $0.replicate < $1.replicate }
        return lines.isEmpty ? nil : TelemetrySeries(metric: metric, condition: condition, lines: lines)
      }
    }
  }

  private static func means(_ rounds: [RoundSummary]) -> [MetricPoint] {
    Dictionary(grouping: rounds, by: \.branch).flatMap { branch, own in
      own.enumerated().flatMap { index, round in
        round.metrics.map {
          MetricPoint(branch: branch, step: index + 1, name: $0, value: $1, time: .distantPast)
        }
      }
    }
  }
}
