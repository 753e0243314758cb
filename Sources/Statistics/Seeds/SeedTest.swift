import RealModule

/// A test across training sequences: each sequence is one observation, so the result says something about other seeds of
/// the same training. Tests of pooled episodes do not: they take sequences as alike.
///
/// | compared | test |
/// |---|---|
/// | two groups of sequences | exact permutation of the sequences; Welch's t above `mostAssignments` |
/// | a group and one value that was measured once | t with the error of that value (`BehrensFisher`) |
/// | the same sequences twice | paired t |
///
/// The t tests never take the variance between sequences as below what the draw of episodes alone gives, so that a few
/// equal counts are not mistaken for certainty.
package struct SeedTest: Sendable, Codable, Hashable {
  /// How the p value was found.
  package enum Method: String, Sendable, Codable {
    /// The exact permutation test of the difference of means (Fisher 1935; Pitman 1937). It holds for any distribution.
    case permutation
    /// Welch's t test (Biometrika 34, 1947).
    case welch = "welch_t"
    /// The t test of a group's mean against one value that has a sampling error of its own.
    case oneSample = "one_sample_t"
    /// The t test of the differences within sequences.
    case paired = "paired_t"
  }

  package var method: Method
  /// The mean of the first group less that of the second, or less the reference.
  package var difference: Double
  /// The t interval of the difference.
  package var interval: Interval
  /// Two-sided.
  package var p: PValue
  /// How many sequences each side has; a reference that was measured once counts as 1.
  package var first: Int
  package var second: Int

  /// More ways than this to share out the sequences are not counted one by one.
  package static let mostAssignments = 200_000

  /// Two groups of sequences that share nothing but what they were trained from.
  ///
  /// - Returns: `nil` with fewer than two sequences on a side, and where nothing differs within either group while the
  ///   groups do, so that no interval can be given.
  package init?(_ first: [SeedValue], against second: [SeedValue], confidence: Double = 0.95) {
    guard first.count > 1, second.count > 1 else { return nil }
    let (one, other) = (GroupMean(first), GroupMean(second))
    let error = one.variance + other.variance
    let degrees = error * error / (one.variancePerDegree + other.variancePerDegree)
    self.init(.welch, one.mean - other.mean, error: error, degrees: degrees, first.count, second.count, confidence)
    guard SeedAssignments.count(first.count, of: first.count + second.count) <= Self.mostAssignments else { return }
    method = .permutation
    p = SeedAssignments(first.map(\.value), second.map(\.value)).p
  }

  /// A group of sequences and one value, for example the start's, which was measured once.
  ///
  /// - Parameter reference: the value with its sampling variance; 0 by default, without an error.
  /// - Returns: `nil` with fewer than two sequences, and where nothing varies although there is a difference.
  package init?(_ values: [SeedValue], against reference: SeedValue = SeedValue(0), confidence: Double = 0.95) {
    guard values.count > 1 else { return nil }
    let group = GroupMean(values)
    let (difference, degrees) = (group.mean - reference.value, Double(values.count - 1))
    self.init(.oneSample, difference, error: group.variance, degrees: degrees, values.count, 1, confidence)
    if reference.samplingVariance > 0, group.variance > 0 {
      let both = BehrensFisher(
        spread: group.variance.squareRoot(), degrees: degrees, error: reference.samplingVariance.squareRoot())
      let reach = both.distance(twoSided: Count.error(of: confidence))
      interval = Interval(lower: difference - reach, upper: difference + reach)
      p = PValue(naturalLog: both.logTwoSided(abs(difference)))
    }
  }

  /// The same sequences measured twice, for example in two arms, or before and after a training.
  ///
  /// - Returns: `nil` with fewer than two sequences, unequal numbers, and where nothing varies although there is a
  ///   difference.
  package init?(paired first: [SeedValue], with second: [SeedValue], confidence: Double = 0.95) {
    guard first.count == second.count else { return nil }
    let differences = zip(first, second).map {
      SeedValue($0.value - $1.value, samplingVariance: $0.samplingVariance + $1.samplingVariance)
    }
    self.init(differences, against: SeedValue(0), confidence: confidence)
    (method, self.second) = (.paired, second.count)
  }

  private init?(
    _ method: Method, _ difference: Double, error: Double, degrees: Double, _ first: Int, _ second: Int,
    _ confidence: Double
  ) {
    if error == 0 && difference != 0 { return nil }
    (self.method, self.difference, self.first, self.second) = (method, difference, first, second)
    guard error > 0 else {
      (interval, p) = (Interval(lower: 0, upper: 0), PValue(naturalLog: 0))
      return
    }
    let width = error.squareRoot()
    let reach = width * StudentT.quantile(upperTail: Count.error(of: confidence) / 2, degrees: degrees)
    interval = Interval(lower: difference - reach, upper: difference + reach)
    p = PValue(naturalLog: StudentT.logTwoSided(difference / width, degrees: degrees))
  }

  /// The smallest p value that so many sequences can show; `nil` where there is no such bound.
  package var leastP: PValue? {
    method == .permutation ? SeedAssignments.leastP(first, second) : nil
  }

  /// The smallest p value that two groups of so many sequences can show; `nil` where Welch's test is used, or none.
  package static func leastP(_ first: Int, against second: Int) -> PValue? {
    guard first > 1, second > 1, SeedAssignments.count(first, of: first + second) <= mostAssignments else { return nil }
    return SeedAssignments.leastP(first, second)
  }
}

extension SeedTest {
  /// The same for plain numbers, one for each sequence.
  package init?(_ first: [Double], against second: [Double], confidence: Double = 0.95) {
    self.init(first.map { SeedValue($0) }, against: second.map { SeedValue($0) }, confidence: confidence)
  }

  /// - Parameter reference: without a sampling error.
  package init?(_ values: [Double], against reference: Double = 0, confidence: Double = 0.95) {
    self.init(values.map { SeedValue($0) }, against: SeedValue(reference), confidence: confidence)
  }

  package init?(paired first: [Double], with second: [Double], confidence: Double = 0.95) {
    self.init(paired: first.map { SeedValue($0) }, with: second.map { SeedValue($0) }, confidence: confidence)
  }
}

/// The mean of a group of at least two sequences.
private struct GroupMean {
  var mean: Double
  /// Of the mean.
  var variance: Double
  /// The square of the variance over its degrees of freedom (Satterthwaite, Biometrics Bulletin 2, 1946).
  var variancePerDegree: Double

  init(_ values: [SeedValue]) {
    let count = Double(values.count)
    let mean = values.reduce(0) { $0 + $1.value } / count
    let spread = values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / (count - 1)
    let sampling = values.reduce(0) { $0 + $1.samplingVariance } / count
    self.mean = mean
    variance = max(spread, sampling) / count
    variancePerDegree = variance * variance / (count - 1)
  }
}
