import RealModule

/// The product of two independent beta variables with parameters of at least 1.
struct BetaPairProduct {
  /// The factor over which the tail of the other is integrated: the one that needs fewer pieces for it.
  private let inner: BetaDistribution
  private let outer: BetaDistribution
  /// The log odds between which `inner` has all of its mass that matters.
  private let reach: ClosedRange<Double>
  private let pieces: Int

  init(_ first: BetaDistribution, _ second: BetaDistribution) {
    let (one, other) = (Self.resolution(of: first, for: second), Self.resolution(of: second, for: first))
    (inner, outer) = one.pieces < other.pieces ? (first, second) : (second, first)
    (reach, pieces) = one.pieces < other.pieces ? one : other
  }

  /// Pieces about as long as the narrower of two scales: the standard deviation of the log odds of `inner`, and that of the
  /// logarithm of `outer`, seen where 1 - x is twice its mean.
  private static func resolution(
    of inner: BetaDistribution, for outer: BetaDistribution
  ) -> (reach: ClosedRange<Double>, pieces: Int) {
    let reach = inner.logOdds(lowerTail: 1e-16)...inner.logOdds(upperTail: 1e-16)
    let scale = min(inner.logOddsSpread, outer.logSpread / min(1, 2 * (1 - inner.mean)))
    return (reach, Int(min(max((reach.upperBound - reach.lowerBound) / scale, 16), 400)))
  }

  /// The value with mass `tail` above it.
  func quantile(upperTail tail: Double) -> Double {
    // Both factors are above their quantiles of the root of the tail with probability `tail`; and the product is below each
    // of them.
    let root = tail.squareRoot()
    let low = inner.quantile(upperTail: root) * outer.quantile(upperTail: root)
    let high = min(inner.quantile(upperTail: tail), outer.quantile(upperTail: tail))
    return Self.solve(from: low, to: high) { Double.log(mass(above: $0) / tail) }
  }

  /// The value with mass `tail` below it.
  func quantile(lowerTail tail: Double) -> Double {
    // The product is below that of two quantiles only if a factor is below its own.
    let low = inner.quantile(lowerTail: tail / 2) * outer.quantile(lowerTail: tail / 2)
    let root = tail.squareRoot()
    let high = inner.quantile(lowerTail: root) * outer.quantile(lowerTail: root)
    return Self.solve(from: low, to: high) { Double.log(mass(below: $0) / tail) }
  }

  private func mass(above value: Double) -> Double {
    integral(from: value) { outer.mass(aboveLogOdds: $0) }
  }

  private func mass(below value: Double) -> Double {
    let alone = inner.mass(belowLogOdds: Double.log(value / (1 - value)))
    return alone + integral(from: value) { outer.mass(belowLogOdds: $0) }
  }

  /// The integral over `inner` above `value` of a tail of `outer` at the log odds of the quotient: Gauss and Legendre's
  /// rule of eight points on each piece.
  private func integral(from value: Double, _ tail: (Double) -> Double) -> Double {
    let start = max(reach.lowerBound, Double.log(value / (1 - value)))
    let half = (reach.upperBound - start) / Double(2 * pieces)
    guard half > 0 else { return 0 }
    return (0..<pieces).reduce(0) { sum, piece in
      Self.nodes.reduce(sum) { sum, node in
        let odds = start + half * (Double(2 * piece + 1) + node.place)
        let factor = 1 / (1 + Double.exp(-odds))
        guard factor > value else { return sum }
        return sum + half * node.weight * inner.density(atLogOdds: odds) * tail(Double.log(value / (factor - value)))
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
