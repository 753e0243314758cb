internal import Foundation
internal import Tokenization

/// Logistic regression with an L2 penalty, in double precision: minimises the sum over rows of log(1 + exp(-s z)) plus
/// penalty / 2 times the squared length of the weights, where z = weights · row + bias and s is 1 or -1. The bias is not
/// penalised, so that this is scikit-learn's `LogisticRegression` with C = 1 / penalty.
///
/// Newton's method; each step is solved by conjugate gradients, so that no matrix of D x D is made. No randomness.
struct LogisticRegression {
  let weights: [Double]
  let bias: Double

  /// - Throws: a `ModelError` when only one label occurs, when a number is not finite, or when no minimum is reached.
  init(_ rows: [[Double]], labels: [Bool], penalty: Double) throws {
    guard penalty > 0, Set(labels).count == 2, rows.count == labels.count, rows.joined().allSatisfy(\.isFinite) else {
      throw ModelError("A logistic regression needs finite rows of both labels and a penalty above 0.")
    }
    let problem = Problem(rows: rows.map { $0 + [1] }, labels: labels.map { $0 ? 1 : 0 }, penalty: penalty)
    let solution = try problem.minimise()
    weights = solution.dropLast()
    bias = solution[solution.count - 1]
  }
}

/// The probability that log-odds stand for.
package func probability(logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }

/// The last column of the rows is 1, and the last parameter is the bias.
private struct Problem {
  let rows: [[Double]]
  let labels: [Double]
  let penalty: Double

  func minimise() throws -> [Double] {
    var place = [Double](repeating: 0, count: rows[0].count)
    for _ in 0..<100 {
      let predictions = rows.map { probability(logOdds: dot($0, place)) }
      let slope = gradient(place, predictions)
      guard length(slope) > 1e-10 * Double(rows.count) else { return place }
      let step = newtonStep(slope, curvatures: predictions.map { $0 * (1 - $0) })
      guard let next = descend(from: place, along: step, slope: slope) else { return place }
      place = next
    }
    throw ModelError("The logistic regression found no minimum in 100 steps; raise its penalty.")
  }

  private func value(_ place: [Double]) -> Double {
    let losses = zip(rows, labels).map { row, label in
      let z = dot(row, place) * (label == 1 ? -1 : 1)
      return max(z, 0) + log1p(exp(-abs(z)))
    }
    return losses.reduce(0, +) + penalty / 2 * dot(place.dropLast(), place.dropLast())
  }

  private func gradient(_ place: [Double], _ predictions: [Double]) -> [Double] {
    columns(zip(predictions, labels).map { $0 - $1 }, penalised: place)
  }

  /// The rows' transpose times `factors`, and the penalty's share.
  private func columns(_ factors: [Double], penalised place: [Double]) -> [Double] {
    var sums = place.map { penalty * $0 }
    sums[sums.count - 1] = 0
    for (row, factor) in zip(rows, factors) {
      for index in sums.indices { sums[index] += factor * row[index] }
    }
    return sums
  }

  /// The solution of H step = -slope by conjugate gradients, H being the second derivative.
  private func newtonStep(_ slope: [Double], curvatures: [Double]) -> [Double] {
    var step = [Double](repeating: 0, count: slope.count)
    var rest = slope.map { -$0 }
    var direction = rest
    var squared = dot(rest, rest)
    let goal = squared * min(0.01, squared)
    for _ in 0..<2 * slope.count where squared > goal {
      let bent = columns(zip(rows, curvatures).map { dot($0, direction) * $1 }, penalised: direction)
      let curvature = dot(direction, bent)
      guard curvature > 0 else { break }
      let rate = squared / curvature
      step = zip(step, direction).map { $0 + rate * $1 }
      rest = zip(rest, bent).map { $0 - rate * $1 }
      let before = squared
      squared = dot(rest, rest)
      direction = zip(rest, direction).map { $0 + squared / before * $1 }
    }
    return step
  }

  /// The first of the full step, its half, its quarter, ... that lowers the value enough; `nil` when rounding allows no more.
  private func descend(from place: [Double], along step: [Double], slope: [Double]) -> [Double]? {
    let (start, descent) = (value(place), dot(slope, step))
    let candidates = (0..<40).lazy.map { halvings in
      (pow(0.5, Double(halvings)), zip(place, step).map { $0 + pow(0.5, Double(halvings)) * $1 })
    }
    return candidates.first { rate, next in value(next) < start + 1e-4 * rate * descent }?.1
  }
}

private func dot(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

private func length(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
