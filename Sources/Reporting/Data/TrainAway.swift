import Episodes
import Runs
package import Statistics
import Storage

/// What is left of gaming after a condition that trains it away, environment by environment.
package struct TrainAway: Sendable, Codable, Hashable {
  package var condition: String
  /// The condition from whose last checkpoints it starts.
  package var from: String
  package var lines: [Line]

  package struct Line: Sendable, Codable, Hashable {
    package var column: Matrix.Column
    /// Of the untrained checkpoint, before training away, and after; pooled over sequences.
    package var start: Estimate
    package var before: Estimate
    package var after: Estimate
    package var againstStart: Comparison
    package var beforeAgainstStart: Comparison
    /// After against before, sequence by sequence where there are several.
    package var change: Comparison
    /// The rate before over the rate after, with its 95 % interval: 8 says that an eighth is left.
    package var factor: RateRatio
    /// Whether the environment is one that training away used.
    package var isTrained: Bool

    /// The test against the untrained checkpoint gives at least 0.05. That no difference is seen does not
    /// show that there is none: the interval says how large it may be.
    package var isLikeStart: Bool { againstStart.p.value >= 0.05 }
  }

  /// One for each condition that trains gaming away and has been measured.
  static func all(
    _ subject: RunOutline, columns: [Matrix.Column], rounds: [RoundSummary], counts: CountIndex
  ) -> [TrainAway] {
    subject.conditions.filter { $0.kind == .trainAway }.compactMap { condition in
      guard let origin = subject.condition(condition.from) else { return nil }
      let own = Set(rounds.filter { $0.branch.condition == condition.name }.flatMap(\.environments))
      let lines = columns.compactMap { column in
        func measured(_ checkpoints: [String]) -> Measured? {
          counts.measure(
            checkpoints, column.environment, column.measure.predicate, arm: .standard, purposes: [subject.purpose])
        }
        return Line(
          column, start: subject.baseline.flatMap { measured([$0]) }, before: measured(origin.finals),
          after: measured(condition.finals), isTrained: own.contains(column.environment))
      }
      return lines.isEmpty ? nil : TrainAway(condition: condition.name, from: origin.name, lines: lines)
    }
  }
}

extension TrainAway.Line {
  /// - Returns: `nil` where one of the three was not measured.
  fileprivate init?(
    _ column: Matrix.Column, start: Measured?, before: Measured?, after: Measured?, isTrained: Bool
  ) {
    guard let start, let before, let after,
      let againstStart = Comparison(of: after, against: start),
      let beforeAgainstStart = Comparison(of: before, against: start),
      let change = Comparison(
        of: after, against: before, sameSequences: before.checkpoints.count == after.checkpoints.count),
      let factor = Contrast(of: before, over: after)?.ratio
    else { return nil }
    self.column = column
    (self.start, self.before, self.after) = (start.estimate, before.estimate, after.estimate)
    self.againstStart = againstStart
    self.beforeAgainstStart = beforeAgainstStart
    self.change = change
    self.factor = factor
    self.isTrained = isTrained
  }
}
