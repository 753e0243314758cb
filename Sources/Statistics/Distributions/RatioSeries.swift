/// Sums of the probabilities of neighbouring counts, each found from the one before.
enum RatioSeries {
  /// 1 + r(k) + r(k) r(k ± 1) + ..., from `start` by `step`, until a term no longer matters.
  ///
  /// - Parameter ratio: how much likelier the next count is than this one; 0 at the end.
  static func sum(_ start: Double, by step: Double = -1, ratio: (Double) -> Double) -> Double {
    var (k, term, sum) = (start, 1.0, 1.0)
    while true {
      term *= ratio(k)
      let next = sum + term
      if next == sum { return sum }
      sum = next
      k += step
    }
  }
}
