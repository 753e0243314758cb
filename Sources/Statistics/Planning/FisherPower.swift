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
    // Power goes up and down as the table grows, the less the more events there are: look a few teeth further down.
    let step = max(1, enough / 1_000)
    let width = [first, second].map { (Double(enough) * $0 * (1 - $0)).squareRoot() }.max() ?? 0
    let steps = Int(150 * min(1, 7 / max(width, 7)))
    var best = enough
    for candidate in stride(from: enough - step, through: max(1, enough - steps * step), by: -step)
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
    var low = max(0, a.first + b.first - trials) - 1
    for total in (a.first + b.first)...(a.last + b.last) {
      low = rejected(total, trials, from: low)
      let range = max(a.first, total - b.last)...min(a.last, total - b.first)
      if range.lowerBound <= low {
        for k in range.lowerBound...min(low, range.upperBound) { power += a[k] * b[total - k] }
      }
      if total - low <= range.upperBound {
        for k in max(total - low, range.lowerBound)...range.upperBound { power += a[k] * b[total - k] }
      }
    }
    return power
  }

  /// The greatest of the first arm's counts, up to half of the total, at which the test rejects; one below the least possible
  /// count when there is none. Arms of equal size mirror each other, so the p-value is twice the lower tail, and the counts
  /// from the mirror image on reject too. From one total to the next the place moves by few counts.
  private func rejected(_ total: Int, _ trials: Int, from start: Int) -> Int {
    let least = max(0, total - trials)
    var low = max(start, least - 1)
    while low >= least, 2 * tail(low, total, trials) > level { low -= 1 }
    while 2 * (low + 1) < total, 2 * tail(low + 1, total, trials) <= level { low += 1 }
    return low
  }

  /// The chance, given the total, that the first arm has at most so many of the events.
  private func tail(_ count: Int, _ total: Int, _ trials: Int) -> Double {
    let (k, events, n) = (Double(count), Double(total), Double(trials))
    let (p, q) = (events / (2 * n), (2 * n - events) / (2 * n))
    let point = BinomialPoint.log(k, of: n, p: p, q: q) + BinomialPoint.log(events - k, of: n, p: p, q: q)
    var (index, term, sum) = (k, 1.0, 1.0)
    while index > 0 {
      term *= index * (n - events + index) / ((n - index + 1) * (events - index + 1))
      if sum + term == sum { break }
      sum += term
      index -= 1
    }
    return Double.exp(point - BinomialPoint.log(events, of: 2 * n, p: p, q: q)) * sum
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
