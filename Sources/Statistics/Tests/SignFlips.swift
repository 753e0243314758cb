import RealModule

/// The exact paired randomisation test of two sides that tried the same prompts equally often (Fisher 1935; Pitman 1937):
/// if the sides are alike, each prompt's difference is as likely with the other sign. With one trial a prompt it is the
/// exact test of McNemar. Prompts are the unit, so episodes of one prompt need not be independent of each other.
///
/// Sums are counted exactly up to some 5e7 steps; beyond, and below 1e-290, it gives Hoeffding's bound, which is never too
/// small.
///
/// - Parameter differences: for each prompt, events of the first side less events of the second.
/// - Returns: two-sided; 1 when no prompt differs.
package func signFlips(_ differences: [Int]) -> PValue {
  let sizes = differences.map(abs).filter { $0 > 0 }
  let seen = abs(differences.reduce(0, +))
  guard let largest = sizes.max(), let smallest = sizes.min(), seen > 0 else { return PValue(naturalLog: 0) }
  if largest == smallest {
    return McNemar(
      bothYes: 0, onlyFirst: differences.count { $0 > 0 }, onlySecond: differences.count { $0 < 0 }, bothNo: 0
    ).exact
  }
  let total = sizes.reduce(0, +)
  if sizes.count * total <= 50_000_000 {
    let p = tail(of: sizes, total: total, from: seen)
    if p > 1e-290 { return PValue(naturalLog: min(0, Double.log(p))) }
  }
  let squares = sizes.reduce(0.0) { $0 + Double($1) * Double($1) }
  return PValue(naturalLog: min(0, Double.log(2) - Double(seen) * Double(seen) / (2 * squares)))
}

/// The chance that signs drawn for all sizes sum to at least `seen` either way: the sum is `seen` or more where the sizes
/// that turn negative sum to at most (total - seen) / 2.
private func tail(of sizes: [Int], total: Int, from seen: Int) -> Double {
  let most = (total - seen) / 2
  var chances = [Double](repeating: 0, count: most + 1)
  chances[0] = 1
  var reached = 0
  for size in sizes {
    reached = min(most, reached + size)
    for sum in stride(from: reached, through: 0, by: -1) {
      chances[sum] = (chances[sum] + (sum >= size ? chances[sum - size] : 0)) / 2
    }
  }
  return 2 * chances.reduce(0, +)
}
