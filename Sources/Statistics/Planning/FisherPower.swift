import RealModule

/// The power of Fisher's exact test, two-sided, between two arms with equally many trials.
struct FisherPower {
  private let first: Double
  private let second: Double
  private let level: Double

  init(_ first: Double, _ second: Double, level: Double) {
    (self.first, self.second, self.level) = (first, second, level)
  }

  /// The fewest trials of each arm with a given power, at a resolution of a thousandth; `nil` when there are more than a plan
  /// may have.
  func trials(power goal: Double) -> Int? {
    guard let about = Search.least(from: 1, where: { normalPower($0) >= goal }) else { return nil }
    if !isExact(about) { return about }
    guard let enough = crossing(from: about, goal: goal) else { return nil }
    // Power goes up and down a little as the table grows: look a few teeth further down.
    let step = max(1, enough / 1_000)
    var best = enough
    for candidate in stride(from: enough - step, through: max(1, enough - 150 * step), by: -step)
    where power(candidate) >= goal { best = candidate }
    while best > 1, power(best - 1) >= goal { best -= 1 }
    return best
  }

  /// The probability of a p-value of at most the level: by the total of both counts, for each of which the tables that
  /// reject lie at its two ends.
  func power(_ trials: Int) -> Double {
    if !isExact(trials) { return normalPower(trials) }
    let (a, b) = (window(trials, first), window(trials, second))
    var power = 0.0
    for total in (a.first + b.first)...(a.last + b.last) {
      let range = max(a.first, total - b.last)...min(a.last, total - b.first)
      let (low, high) = rejected(total, trials)
      if range.lowerBound <= low {
        for k in range.lowerBound...min(low, range.upperBound) { power += a[k] * b[total - k] }
      }
      if high <= range.upperBound {
        for k in max(high, range.lowerBound)...range.upperBound { power += a[k] * b[total - k] }
      }
    }
    return power
  }

  /// The first arm's counts at which the test rejects: up to `low` and from `high` on. Arms of equal size mirror each other.
  private func rejected(_ total: Int, _ trials: Int) -> (low: Int, high: Int) {
    let least = max(0, total - trials)
    var (inside, outside) = (total / 2, least - 1)
    while inside - outside > 1 {
      let middle = (inside + outside) / 2
      let count = Count(events: middle, trials: trials)
      if fisherExact(count, Count(events: total - middle, trials: trials)).value <= level {
        outside = middle
      } else {
        inside = middle
      }
    }
    return (outside, total - outside)
  }

  private func crossing(from start: Int, goal: Double) -> Int? {
    var (above, below) = (start, 0)
    while power(above) < goal {
      below = above
      above = max(above + 1, above + above / 16)
      if above > Search.limit { return nil }
    }
    if below == 0 {
      below = above
      while below > 0, power(below) >= goal {
        above = below
        below = min(below - 1, below - below / 16)
      }
    }
    while above - below > 1 {
      let middle = (above + below) / 2
      if power(middle) >= goal { above = middle } else { below = middle }
    }
    return above
  }

  /// The power by the normal approximation with the continuity correction of Casagrande, Pike and Smith (Biometrics 34,
  /// 1978).
  private func normalPower(_ trials: Int) -> Double {
    let (n, mean, distance) = (Double(trials), (first + second) / 2, abs(first - second))
    let (null, alternative) = (2 * mean * (1 - mean), first * (1 - first) + second * (1 - second))
    let reach = (distance - 1 / n) * n.squareRoot()
    let z = NormalDistribution.quantile(upperTail: level / 2) * null.squareRoot()
    if alternative == 0 { return reach > z ? 1 : 0 }
    return NormalDistribution.mass(below: (reach - z) / alternative.squareRoot())
  }

  /// Whether the pairs of counts that matter can be listed.
  private func isExact(_ trials: Int) -> Bool {
    let widths = [first, second].map { 16 * (Double(trials) * $0 * (1 - $0)).squareRoot() + 16 }
    return widths[0] * widths[1] <= 1e8
  }

  private func window(_ trials: Int, _ rate: Double) -> Window {
    let (first, probabilities) = BinomialTail.window(of: trials, rate: rate)
    return Window(first: first, probabilities: probabilities)
  }

  /// Probabilities by count.
  private struct Window {
    let first: Int
    let probabilities: [Double]

    var last: Int { first + probabilities.count - 1 }

    subscript(count: Int) -> Double { probabilities[count - first] }
  }
}
