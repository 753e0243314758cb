import RealModule

/// The events that fall to the first counts of several strata, all margins given, when there is no association: the
/// convolution of hypergeometric distributions. At another odds ratio `r` each probability is multiplied by r^events.
struct ConditionalOdds {
  private let lowest: Int
  /// The log of each probability, from the lowest number of events on.
  private let logs: [Double]

  /// The most numbers of events that are worked with: enough for 20,000 events in all, at some tenths of a second.
  static let limit = 20_000

  /// `nil` when there are more than `limit` possible numbers of events.
  init?(_ strata: [Hypergeometric]) {
    guard strata.reduce(1, { $0 + $1.support.count - 1 }) <= Self.limit else { return nil }
    lowest = strata.reduce(0) { $0 + $1.support.lowerBound }
    logs = strata.reduce([0]) { logs, stratum in Self.convolve(logs, stratum.support.map(stratum.logPoint)) }
  }

  /// The probability of every number of events that is at most as likely as the one seen, as R's
  /// `mantelhaen.test(exact = TRUE)`.
  func twoSided(from seen: Int) -> PValue {
    let limit = logs[seen - lowest] + 1e-7
    return PValue(naturalLog: min(0, LogSum(logs.filter { $0 <= limit }).log))
  }

  /// The odds ratios at which as few, or as many, events as were seen have probability `tail`: exact, by inversion.
  func interval(seen: Int, tail: Double) -> Interval {
    let place = seen - lowest
    let down = logs.indices.reversed().map { logs[$0] }
    return Interval(
      lower: place == 0 ? 0 : Double.exp(-Self.logOdds(logs, from: place, tail: tail)),
      upper: place == logs.count - 1
        ? .infinity : Double.exp(Self.logOdds(down, from: logs.count - 1 - place, tail: tail)))
  }

  /// The one finite end of the interval when within every stratum the events fell as low (or as high) as they could, which
  /// needs no tabulation: the probability of that is the product of the strata's.
  static func interval(atEndOf strata: [Hypergeometric], isLowest: Bool, tail: Double) -> Interval {
    let logs = strata.map { stratum in
      let logs = stratum.support.map(stratum.logPoint)
      return isLowest ? logs : logs.reversed()
    }
    let move = LogConcave.quantile(upperTail: tail, from: 0) { move in
      logs.reduce((log: 0, slope: 0)) { sum, logs in
        let tilted = logs.indices.map { logs[$0] + move * Double($0) }
        let all = LogSum(tilted).log
        return (sum.log + logs[0] - all, sum.slope + mean(tilted, from: 0, logMass: all))
      }
    }
    return isLowest
      ? Interval(lower: 0, upper: Double.exp(move)) : Interval(lower: Double.exp(-move), upper: .infinity)
  }

  /// How far the log odds must be moved against the direction of `logs` until its end from `place` on has mass `tail`. The
  /// log of that mass is concave in the move.
  private static func logOdds(_ logs: [Double], from place: Int, tail: Double) -> Double {
    LogConcave.quantile(upperTail: tail, from: 0) { move in
      let tilted = logs.indices.map { logs[$0] - move * Double($0) }
      let (all, end) = (LogSum(tilted).log, LogSum(tilted[place...]).log)
      return (end - all, mean(tilted, from: place, logMass: end) - mean(tilted, from: 0, logMass: all))
    }
  }

  private static func mean(_ logs: [Double], from place: Int, logMass: Double) -> Double {
    (place..<logs.count).reduce(0) { $0 + Double($1) * Double.exp(logs[$1] - logMass) }
  }

  /// The convolution of two log-concave sequences. The terms of each sum rise to one peak, which moves by at most one from
  /// sum to sum, and those below e^-45 of it are left out.
  private static func convolve(_ a: [Double], _ b: [Double]) -> [Double] {
    var peak = 0
    return (0..<(a.count + b.count - 1)).map { total in
      let range = max(0, total - a.count + 1)...min(b.count - 1, total)
      let term = { (index: Int) in a[total - index] + b[index] }
      peak = min(max(peak, range.lowerBound), range.upperBound)
      while peak < range.upperBound && term(peak + 1) > term(peak) { peak += 1 }
      while peak > range.lowerBound && term(peak - 1) > term(peak) { peak -= 1 }
      var sum = LogSum()
      sum.add(term(peak))
      let least = term(peak) - LogSum.negligible
      for index in (peak + 1)..<(range.upperBound + 1) {
        if term(index) < least { break }
        sum.add(term(index))
      }
      for index in (range.lowerBound..<peak).reversed() {
        if term(index) < least { break }
        sum.add(term(index))
      }
      return sum.log
    }
  }
}
