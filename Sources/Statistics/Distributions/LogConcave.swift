import RealModule

/// Quantiles of distributions whose tail has a concave logarithm in some coordinate.
enum LogConcave {
  /// The position at which the upper tail has mass `tail`, by Newton's method on the log of the tail: it is concave, so
  /// after the first step the iteration closes in on the root from one side, without ever crossing it.
  ///
  /// - Parameter logUpperTail: the log of the mass above a position, and how fast it falls there (a positive number).
  static func quantile(
    upperTail tail: Double, from start: Double, _ logUpperTail: (Double) -> (log: Double, slope: Double)
  ) -> Double {
    var position = start
    for _ in 0..<200 {
      let (log, slope) = logUpperTail(position)
      let step = (log - Double.log(tail)) / slope
      position += step
      if abs(step) <= 1e-14 * max(1, abs(position)) { break }
    }
    return position
  }
}
