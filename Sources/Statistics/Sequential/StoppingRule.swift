/// When sampling may stop, by a confidence sequence, so that looking often does not spoil the answer.
package enum StoppingRule: Sendable, Codable, Hashable {
  /// Whether the rate is below or above a threshold.
  case side(of: Double)
  /// The rate itself, to within an interval no wider than this.
  case width(Double)

  /// What a look at the count says.
  package enum Decision: String, Sendable, Codable, Hashable {
    /// The interval does not answer the question yet.
    case undecided
    /// The rate is below the threshold.
    case below
    /// The rate is above the threshold.
    case above
    /// The interval is narrow enough.
    case precise
  }

  /// What an interval of the sequence, at any look, says of the question.
  package func decision(_ interval: Interval) -> Decision {
    switch self {
    case .side(let threshold):
      interval.upper < threshold ? .below : interval.lower > threshold ? .above : .undecided
    case .width(let width): interval.upper - interval.lower <= width ? .precise : .undecided
    }
  }
}
