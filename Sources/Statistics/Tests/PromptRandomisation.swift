import RealModule

/// What one prompt counted in the checkpoints of two sides of a comparison, a count for each.
package struct PromptCells: Sendable, Hashable {
  package var first: [Count]
  package var second: [Count]

  package init(first: [Count], second: [Count]) {
    self.first = first
    self.second = second
  }

  /// Every checkpoint of both sides tried it equally often, at least once.
  fileprivate var isBalanced: Bool {
    let trials = (first + second).map(\.trials)
    return !first.isEmpty && !second.isEmpty && trials.allSatisfy { $0 == trials[0] && $0 > 0 }
  }
}

/// The exact randomisation test of two sides that tried the same prompts: within each prompt the sides are exchanged
/// (Fisher 1935; Pitman 1937), so that episodes of one prompt need not be independent of each other. With as many
/// checkpoints on both sides these are exchanged whole, which is the sign flip of the prompt's difference; otherwise it is
/// drawn which of the checkpoints are the smaller side's. Exact where no checkpoint differs from the others in any prompt.
///
/// Sums are counted exactly up to some million steps; beyond, the tail is the saddlepoint approximation for sums of whole
/// numbers (Lugannani and Rice, Advances in Applied Probability 12, 1980), within some per cent.
///
/// - Parameter prompts: those that a checkpoint tried more or less often than the others are left out.
/// - Returns: twice the smaller tail, 1 at most, as SciPy's `permutation_test`; `nil` where more than half of the prompts are
///   left out.
package func promptRandomisation(_ prompts: [PromptCells]) -> PValue? {
  let balanced = prompts.filter(\.isBalanced)
  guard !balanced.isEmpty, 2 * balanced.count >= prompts.count else { return nil }
  var sums = DrawnSum()
  for prompt in balanced { sums.add(prompt.first.map(\.events), prompt.second.map(\.events)) }
  return sums.twoSided
}

/// The sum over prompts of what the smaller side counts, when it is drawn whose counts these are.
private struct DrawnSum {
  /// What the smaller side counts, by how likely it is: numbers above the least one.
  private struct Support {
    /// Ascending, the first one 0.
    var values: [Int]
    var shares: [Double]
    var prompts: Int
    var largest: Int { values[values.count - 1] }

    /// The same counted from above.
    var mirrored: Support {
      Support(values: values.reversed().map { largest - $0 }, shares: shares.reversed(), prompts: prompts)
    }
  }

  private var supports: [[Int]: Support] = [:]
  /// What was seen, less the least that could have been.
  private var seen = 0

  /// Counts of one prompt by checkpoint.
  mutating func add(_ first: [Int], _ second: [Int]) {
    let isEqual = first.count == second.count
    let small = isEqual ? [first.reduce(0, +)] : first.count < second.count ? first : second
    let large = isEqual ? [second.reduce(0, +)] : first.count < second.count ? second : first
    let all = (small + large).sorted()
    guard let least = all.first, all[all.count - 1] > least else { return }
    seen += small.reduce(0, +) - all.prefix(small.count).reduce(0, +)
    let key = [small.count] + all.map { $0 - least }
    if supports[key] == nil { supports[key] = Self.support(Array(key.dropFirst()), choosing: small.count) }
    supports[key]?.prompts += 1
  }

  /// All ways to choose so many of some numbers, by their sum.
  private static func support(_ numbers: [Int], choosing count: Int) -> Support {
    let top = numbers.suffix(count).reduce(0, +)
    var ways = [[Double]](repeating: [Double](repeating: 0, count: top + 1), count: count + 1)
    ways[0][0] = 1
    for number in numbers {
      for chosen in stride(from: count, to: 0, by: -1) where number <= top {
        for sum in number...top { ways[chosen][sum] += ways[chosen - 1][sum - number] }
      }
    }
    let total = ways[count].reduce(0, +)
    let values = (0...top).filter { ways[count][$0] > 0 }
    return Support(values: values.map { $0 - values[0] }, shares: values.map { ways[count][$0] / total }, prompts: 0)
  }

  /// Twice the smaller tail.
  var twoSided: PValue {
    // In a fixed order, so that the last digits are the same each time.
    let all = supports.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    let most = all.reduce(0) { $0 + $1.prompts * $1.largest }
    if most == 0 { return PValue(naturalLog: 0) }
    // The tail beyond what was seen is the lower one of the sum or of its mirror image.
    let mean = all.reduce(0.0) { sum, support in
      sum + Double(support.prompts) * zip(support.values, support.shares).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
    let isMirrored = Double(seen) > mean
    let limit = isMirrored ? most - seen : seen
    let steps = all.reduce(0) { $0 + $1.prompts * $1.values.count } * (limit + 1)
    let sides = isMirrored ? all.map(\.mirrored) : all
    return steps > 4_000_000 ? Self.approximation(sides, limit) : Self.count(sides, limit)
  }

  private static func count(_ supports: [Support], _ limit: Int) -> PValue {
    var (chances, log, reach) = ([Double](repeating: 0, count: limit + 1), 0.0, 0)
    chances[0] = 1
    for support in supports {
      for prompt in 1...support.prompts {
        reach = min(limit, reach + support.largest)
        for sum in stride(from: reach, through: 0, by: -1) {
          var chance = 0.0
          for (value, share) in zip(support.values, support.shares) where value <= sum {
            chance += chances[sum - value] * share
          }
          chances[sum] = chance
        }
        // Below 1e-308 nothing but a logarithm holds the chances.
        guard prompt.isMultiple(of: 16) || prompt == support.prompts else { continue }
        let top = chances.reduce(0, max)
        if top < 1e-100 {
          for sum in 0...reach { chances[sum] /= top }
          log += Double.log(top)
        }
      }
    }
    let (lower, last) = (chances.reduce(0, +), chances[limit])
    let one = log == 0 ? min(lower, 1 - lower + last) : lower
    return PValue(naturalLog: min(0, log + Double.log(2 * one)))
  }

  /// The lower tail up to a limit by the first continuity correction of Daniels (International Statistical Review 55, 1987).
  private static func approximation(_ supports: [Support], _ limit: Int) -> PValue {
    func cumulants(_ tilt: Double) -> (log: Double, mean: Double, variance: Double) {
      supports.reduce((0, 0, 0)) { sum, support in
        // The largest exponent is taken out, so that nothing overflows.
        let shift = tilt > 0 ? tilt * Double(support.largest) : 0
        var (zeroth, first, second) = (0.0, 0.0, 0.0)
        for (value, share) in zip(support.values, support.shares) {
          let (x, weight) = (Double(value), share * Double.exp(tilt * Double(value) - shift))
          zeroth += weight
          first += weight * x
          second += weight * x * x
        }
        let (mean, n) = (first / zeroth, Double(support.prompts))
        return (
          sum.0 + n * (Double.log(zeroth) + shift), sum.1 + n * mean, sum.2 + n * (second / zeroth - mean * mean)
        )
      }
    }
    let target = Double(limit)
    if cumulants(0).mean <= target { return PValue(naturalLog: 0) }
    var (low, high) = (-1.0, 0.0)
    while cumulants(low).mean > target { (low, high) = (2 * low, low) }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if cumulants(middle).mean > target { high = middle } else { low = middle }
    }
    let tilt = high
    let at = cumulants(tilt)
    let w = max(0, 2 * (tilt * target - at.log)).squareRoot()
    let u = (Double.exp(-tilt) - 1) * at.variance.squareRoot()
    if w < 1e-4 { return PValue(naturalLog: 0) }
    let density = Double.exp(-w * w / 2) / (2 * Double.pi).squareRoot()
    // The normal tail over its density, which far out is a series.
    let mills = w < 25 ? 0.5 * Double.erfc(w / 2.0.squareRoot()) / density : (1 - 1 / (w * w)) / w
    let tail = -w * w / 2 - 0.5 * Double.log(2 * .pi) + Double.log(mills - 1 / w + 1 / u)
    return PValue(naturalLog: min(0, Double.log(2) + tail))
  }
}
