import RealModule

/// The product of two independent beta variables with parameters of at least 1.
struct BetaProduct {
  /// The factor whose logarithm varies less: over it the tail of the other, smooth on that scale, is integrated.
  private let narrow: BetaDistribution
  private let wide: BetaDistribution
  /// The log odds between which `narrow` has all of its mass that matters.
  private let reach: ClosedRange<Double>

  init(_ first: BetaDistribution, _ second: BetaDistribution) {
    (narrow, wide) = first.logSpread < second.logSpread ? (first, second) : (second, first)
    reach = narrow.logOdds(lowerTail: 1e-18)...narrow.logOdds(upperTail: 1e-18)
  }

  /// The value with mass `tail` above it.
  func quantile(upperTail tail: Double) -> Double {
    // Both factors are above their quantiles of the root of the tail with probability `tail`; and the product is below each
    // of them.
    let root = tail.squareRoot()
    let low = narrow.quantile(upperTail: root) * wide.quantile(upperTail: root)
    let high = min(narrow.quantile(upperTail: tail), wide.quantile(upperTail: tail))
    return Self.solve(from: low, to: high) { Double.log(mass(above: $0) / tail) }
  }

  /// The value with mass `tail` below it.
  func quantile(lowerTail tail: Double) -> Double {
    // The product is below that of two quantiles only if a factor is below its own.
    let low = narrow.quantile(lowerTail: tail / 2) * wide.quantile(lowerTail: tail / 2)
    let root = tail.squareRoot()
    let high = narrow.quantile(lowerTail: root) * wide.quantile(lowerTail: root)
    return Self.solve(from: low, to: high) { Double.log(mass(below: $0) / tail) }
  }

  private func mass(above value: Double) -> Double {
    integral(from: value) { wide.mass(aboveLogOdds: $0) }
  }

  private func mass(below value: Double) -> Double {
    let alone = narrow.mass(belowLogOdds: Double.log(value / (1 - value)))
    return alone + integral(from: value) { wide.mass(belowLogOdds: $0) }
  }

  /// The integral over `narrow` above `value` of a tail of `wide` at the log odds of the quotient: Gauss and Legendre's
  /// rule of eight points on pieces about a standard deviation long.
  private func integral(from value: Double, _ tail: (Double) -> Double) -> Double {
    let start = max(reach.lowerBound, Double.log(value / (1 - value)))
    let half = (reach.upperBound - start) / 32
    guard half > 0 else { return 0 }
    return (0..<16).reduce(0) { sum, piece in
      Self.nodes.reduce(sum) { sum, node in
        let odds = start + half * (Double(2 * piece + 1) + node.place)
        let factor = 1 / (1 + Double.exp(-odds))
        guard factor > value else { return sum }
        return sum + half * node.weight * narrow.density(atLogOdds: odds) * tail(Double.log(value / (factor - value)))
      }
    }
  }

  private static let nodes: [(place: Double, weight: Double)] = [
    (0.1834346424956498, 0.3626837833783620), (0.5255324099163290, 0.3137066458778873),
    (0.7966664774136267, 0.2223810344533745), (0.9602898564975363, 0.1012285362903763),
  ].flatMap { [(-$0.0, $0.1), ($0.0, $0.1)] }

  /// The positive root between two values of which one has a function above 0 and the other below, by regula falsi in the
  /// logarithm, where an end that stays is given half of its weight (the Illinois method).
  private static func solve(from low: Double, to high: Double, _ function: (Double) -> Double) -> Double {
    var (kept, moved) = (Double.log(low), Double.log(high))
    var (atKept, atMoved) = (function(low), function(high))
    for _ in 0..<100 where abs(moved - kept) > 1e-13 && atMoved != 0 {
      let next = moved - atMoved * (moved - kept) / (atMoved - atKept)
      let atNext = function(Double.exp(next))
      if (atNext < 0) == (atMoved < 0) { atKept /= 2 } else { (kept, atKept) = (moved, atMoved) }
      if abs(next - moved) < 1e-13 { return Double.exp(next) }
      (moved, atMoved) = (next, atNext)
    }
    return Double.exp(moved)
  }
}
