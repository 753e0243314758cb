/// When to stop adding episodes, by a confidence sequence, so that looking often does not spoil the answer.
package struct StoppingRule: Sendable, Codable, Hashable {
  /// What one wants to know.
  package enum Question: Sendable, Codable, Hashable {
    /// Whether the rate is below or above a threshold.
    case side(of: Double)
    /// Whether the rate is below a threshold; goes on while that is open, also when the rate seems to be above.
    case below(Double)
    /// Whether the rate is above a threshold.
    case above(Double)
    /// The rate itself, to within an interval no wider than this.
    case width(Double)
    /// The rate itself, to within an interval whose upper end is at most so many times its lower end.
    case factor(Double)
  }

  /// What a look at the count says.
  package enum Decision: String, Sendable, Codable, Hashable {
    /// The question is open.
    case goOn
    /// The rate is below the threshold.
    case below
    /// The rate is above the threshold.
    case above
    /// The interval is narrow enough.
    case precise
    /// The limit of trials is reached with the question open.
    case exhausted
  }

  package var sequence: ConfidenceSequence
  package var question: Question
  /// Where to give up; `nil` for never.
  package var limit: Int?

  package init(_ question: Question, sequence: ConfidenceSequence = ConfidenceSequence(), limit: Int? = nil) {
    (self.question, self.sequence, self.limit) = (question, sequence, limit)
  }

  /// The decision after so many trials.
  package func decision(_ count: Count) -> Decision {
    decision(sequence.interval(count), trials: count.trials)
  }

  /// The decision with clusters as units; the limit still counts trials.
  package func decision(_ count: ClusteredCount) -> Decision {
    decision(sequence.interval(count), trials: count.pooled.trials)
  }

  private func decision(_ interval: Interval, trials: Int) -> Decision {
    switch question {
    case .side(let threshold):
      if interval.upper < threshold { return .below }
      if interval.lower > threshold { return .above }
    case .below(let threshold): if interval.upper < threshold { return .below }
    case .above(let threshold): if interval.lower > threshold { return .above }
    case .width(let width): if interval.upper - interval.lower <= width { return .precise }
    case .factor(let factor): if interval.lower > 0 && interval.upper <= factor * interval.lower { return .precise }
    }
    return limit.map { trials >= $0 } == true ? .exhausted : .goOn
  }
}
