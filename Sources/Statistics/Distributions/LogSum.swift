import RealModule

/// The log of a sum of numbers that are given by their logs.
struct LogSum {
  /// Terms that are smaller by this factor, as a log, do not change a sum of any reasonable length.
  static let negligible = 45.0

  private var largest = -Double.infinity
  private var scaled = 0.0

  init() {}

  init(_ logs: some Sequence<Double>) {
    for log in logs { add(log) }
  }

  var log: Double { largest + Double.log(scaled) }

  mutating func add(_ log: Double) {
    if log <= largest {
      scaled += Double.exp(log - largest)
    } else if log > -.infinity {
      scaled = scaled * Double.exp(largest - log) + 1
      largest = log
    }
  }
}
