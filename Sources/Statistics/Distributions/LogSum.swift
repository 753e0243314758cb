import RealModule

/// The log of a sum of numbers that are given by their logs.
package struct LogSum {
  /// Terms that are smaller by this factor, as a log, do not change a sum of any reasonable length.
  static let negligible = 45.0

  private var largest = -Double.infinity
  private var scaled = 0.0

  init() {}

  /// The sum of some numbers; of none it is 0, whose log is -infinity.
  package init(_ logs: some Sequence<Double>) {
    for log in logs { add(log) }
  }

  /// The natural log of the sum.
  package var log: Double { largest + Double.log(scaled) }

  mutating func add(_ log: Double) {
    if log <= largest {
      scaled += Double.exp(log - largest)
    } else if log > -.infinity {
      scaled = scaled * Double.exp(largest - log) + 1
      largest = log
    }
  }
}
