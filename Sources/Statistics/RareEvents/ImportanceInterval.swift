import RealModule

extension ImportanceTerms {
  /// Two-sided: the events are a Poisson number of weights, and the bounds are gamma quantiles with the mean and the
  /// variance of their sum (Fay and Feuer, Statistics in Medicine 16, 1997). The upper one has one more weight, twice the
  /// largest seen.
  func interval(confidence: Double) -> Interval {
    let tail = Count.error(of: confidence) / 2
    let normal = NormalDistribution.quantile(upperTail: tail)
    let sum = events.reduce(0, +)
    let squares = max(relativeVariance * sum * sum, events.reduce(0) { $0 + $1 * $1 })
    let next = 2 * (events.max() ?? 0)
    let (largerSum, largerSquares) = (sum + next, squares + next * next)
    let trials = sizes.reduce(0, +)
    let lower = squares / sum * Self.gamma(shape: sum * sum / squares, normal: -normal) / trials
    let shape = largerSum * largerSum / largerSquares
    let upper = largerSquares / largerSum * Self.gamma(shape: shape, normal: normal) / trials
    return Interval(lower: lower, upper: min(1, max(upper, rate)))
  }

  /// The gamma quantile of scale 1 where the normal distribution has the quantile `normal` (Wilson and Hilferty, PNAS 17,
  /// 1931): right to a part in a thousand for the shapes of 10 and more that are not refused.
  private static func gamma(shape: Double, normal: Double) -> Double {
    let root = 1 - 1 / (9 * shape) + normal / (3 * shape.squareRoot())
    return shape * max(0, root * root * root)
  }

  /// One-sided. By cluster, whose mean event is at most 1 / share, for clusters of equal size; the largest size stands in
  /// for all where they differ.
  func boundWithoutAssumption(confidence: Double) -> Double {
    let largest = sizes.max() ?? 1
    let mean = sizes.reduce(0, +) / Double(sizes.count)
    let scaled = events.reduce(0, +) * share / largest
    let count = Count(events: min(Int(scaled.rounded(.up)), sizes.count), trials: sizes.count)
    let error = Count.error(of: confidence) / Double.exp(1)
    return min(1, count.upperBound(confidence: 1 - error) * largest / mean / share)
  }
}
