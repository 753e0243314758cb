import Foundation
import Statistics
import Testing

@Suite struct AgreementTests {
  private struct AgreementRow: Decodable {
    var table: [[Int]]?
    var ratings: [[Int?]]?
    var values: [Double]
  }

  private struct CorrectedRow: Decodable {
    var positives: [Int]
    var malign: [Int]
    var confidence: Double
    var values: [Double]
  }

  /// statsmodels' `cohens_kappa` with its interval, and the package `krippendorff`.
  @Test func coefficientsAgreeWithTheReferences() throws {
    let rows: [AgreementRow] = try Fixture.rows("agreement")
    #expect(rows.count == 11)
    for row in rows {
      if let table = row.table {
        let agreement = CohensKappa(table: table).agreement()
        let interval = try #require(agreement.interval)
        let ours = [try #require(agreement.coefficient), interval.lower, interval.upper]
        #expect(zip(ours, row.values).allSatisfy { agree($0, $1, within: 1e-9) }, "\(table)")
      }
      if let ratings = row.ratings {
        var generator = SplitMix(state: 1)
        let agreement = KrippendorffAlpha(ratings).agreement(draws: 10, using: &generator)
        #expect(agree(try #require(agreement.coefficient), row.values[0], within: 1e-12))
      }
    }
  }

  /// Two raters, ten items, 4 + 3 agreed on: 0.7 observed; the first says yes to 5, the second to 6: 0.3 + 0.2 expected.
  /// kappa = 0.2 / 0.5.
  @Test func kappaByHand() throws {
    let pairs = [(true, true, 4), (true, false, 1), (false, true, 2), (false, false, 3)].flatMap {
      first, second, count in
      [(Bool, Bool)](repeating: (first, second), count: count)
    }
    let kappa = CohensKappa(pairs)
    #expect(kappa.agreed == Count(events: 7, trials: 10))
    #expect(agree(try #require(kappa.agreement().coefficient), 0.4, within: 1e-12))
  }

  /// Ten ratings in four items: aa, ab, bb and aaab (the single c is not paired). Pairs that differ: 2/1 + 6/3 = 4 of 10;
  /// 6 a and 4 b would differ in 48 of 90. alpha = 1 - 0.4 / (48/90) = 0.25.
  @Test func alphaByHand() throws {
    let ratings: [[String?]] = [
      ["a", "a", nil, nil], ["a", nil, "b"], [nil, "b", "b"], ["a", "a", "a", "b"], [nil, "c"],
    ]
    var generator = SplitMix(state: 1)
    let alpha = KrippendorffAlpha(ratings)
    #expect(alpha.pairable == 4)
    #expect(agree(try #require(alpha.agreement(using: &generator).coefficient), 0.25, within: 1e-12))
  }

  @Test func whatCannotBeMeasuredIsSaid() {
    var generator = SplitMix(state: 1)
    #expect(CohensKappa(table: []).agreement() == .tooFewRatings)
    #expect(CohensKappa(table: [[1, 0], [0, 0]]).agreement() == .tooFewRatings)
    #expect(CohensKappa(table: [[9, 0], [0, 0]]).agreement() == .oneCategory)
    #expect(KrippendorffAlpha([[String?]]()).agreement(using: &generator) == .tooFewRatings)
    #expect(KrippendorffAlpha([["a", nil], [nil, "b"], ["a", "a"]]).agreement(using: &generator) == .tooFewRatings)
    #expect(KrippendorffAlpha([["a", "a"], ["a", "a"], ["b", nil]]).agreement(using: &generator) == .oneCategory)
  }

  /// Complete agreement on eight items, four of each kind, is 1, but not known exactly: with the share agreed at its exact
  /// lower bound 0.6306 kappa is (0.6306 - 0.5) / 0.5. Sixteen ratings, eight of each: 128 of 240 pairs differ.
  @Test func completeAgreementKeepsItsUncertainty() throws {
    let bound = Count(events: 8, trials: 8).clopperPearson().lower
    let kappa = CohensKappa(table: [[4, 0], [0, 4]]).agreement()
    #expect(kappa.coefficient == 1 && kappa.interval?.upper == 1)
    #expect(agree(try #require(kappa.interval).lower, (bound - 0.5) / 0.5, within: 1e-12))
    let disagreement = CohensKappa(table: [[0, 4], [4, 0]]).agreement()
    #expect(disagreement.coefficient == -1 && (disagreement.interval?.upper ?? -1) > -0.3)
    var generator = SplitMix(state: 1)
    let ratings = (0..<8).map { [$0 % 2, $0 % 2] as [Int?] }
    let alpha = KrippendorffAlpha(ratings).agreement(using: &generator)
    #expect(alpha.coefficient == 1)
    #expect(agree(try #require(alpha.interval).lower, 1 - (1 - bound) / (128.0 / 240), within: 1e-12))
  }

  /// Planted: two raters who see the truth with probability 0.8 and else guess among three agree beyond chance by 0.64. The
  /// bootstrap of 150 items holds it about as often as it says.
  @Test func bootstrapHoldsThePlantedAgreement() throws {
    var generator = SplitMix(state: 11)
    func rate(_ truth: Int) -> Int {
      Double.random(in: 0..<1, using: &generator) < 0.8 ? truth : Int.random(in: 0..<3, using: &generator)
    }
    var held = 0
    for _ in 0..<100 {
      let ratings = (0..<150).map { _ in
        let truth = Int.random(in: 0..<3, using: &generator)
        return [rate(truth), rate(truth)] as [Int?]
      }
      var drawing = SplitMix(state: 5)
      let agreement = KrippendorffAlpha(ratings).agreement(draws: 200, using: &drawing)
      if try #require(agreement.interval).contains(0.64) { held += 1 }
    }
    #expect((88...100).contains(held), "\(held) of 100")
  }

  @Test func correctedRatesAgreeWithIntegration() throws {
    let rows: [CorrectedRow] = try Fixture.rows("corrected")
    #expect(rows.count == 24)
    for row in rows {
      let rate = CorrectedRate(
        positives: Count(events: row.positives[0], trials: row.positives[1]),
        malign: Count(events: row.malign[0], trials: row.malign[1]))
      let interval = rate.interval(confidence: row.confidence)
      let place: Comment = "\(row.malign) of \(row.positives) at \(row.confidence)"
      #expect(agree(interval.lower, row.values[0], within: 1e-8), place)
      #expect(agree(interval.upper, row.values[1], within: 1e-8), place)
      #expect(try interval.contains(#require(rate.estimate)), place)
    }
  }

  @Test func theEndsOfReading() {
    let positives = Count(events: 45, trials: 32_768)
    // All read: the count itself.
    let complete = CorrectedRate(positives: positives, malign: Count(events: 20, trials: 45))
    #expect(complete.isComplete && complete.estimate == 20.0 / 32_768)
    #expect(complete.interval() == Count(events: 20, trials: 32_768).clopperPearson())
    // Nothing read: as many as were flagged, or none.
    let unread = CorrectedRate(positives: positives, malign: Count(events: 0, trials: 0))
    #expect(unread.estimate == nil)
    #expect(unread.interval() == Interval(lower: 0, upper: positives.clopperPearson().upper))
    // No positives: nothing to read.
    let none = CorrectedRate(positives: Count(events: 0, trials: 100), malign: Count(events: 0, trials: 0))
    #expect(none.isComplete && none.estimate == 0 && none.interval() == Count(events: 0, trials: 100).clopperPearson())
    let empty = CorrectedRate(positives: Count(events: 0, trials: 0), malign: Count(events: 0, trials: 0))
    #expect(empty.estimate == nil && empty.interval() == Interval(lower: 0, upper: 1))
    // With one factor known it is the exact interval of the other: every trial is a positive.
    let sure = CorrectedRate(
      positives: Count(events: 1_000_000_000, trials: 1_000_000_000), malign: Count(events: 11, trials: 25))
    #expect(agree(sure.interval().lower, Count(events: 11, trials: 25).clopperPearson().lower, within: 1e-6))
    #expect(agree(sure.interval().upper, Count(events: 11, trials: 25).clopperPearson().upper, within: 1e-12))
  }

  /// The chance that the interval holds the rate of malign events, summed over every number of positives and of malign ones
  /// among those read: of 60 trials, and at most so many are read.
  @Test(arguments: [(0.2, 0.5, 4), (0.05, 0.3, 2), (0.5, 0.05, 10), (0.1, 0.95, 3), (0.02, 0.6, 60), (0.3, 0.1, 8)])
  func correctedCoverageByEnumeration(rate: Double, share: Double, read: Int) {
    var covered = 0.0
    for events in 0...60 {
      let sampled = min(read, events)
      for malign in 0...sampled {
        let corrected = CorrectedRate(
          positives: Count(events: events, trials: 60), malign: Count(events: malign, trials: sampled))
        if corrected.interval().contains(rate * share) {
          covered += binomial(events, 60, rate) * binomial(malign, sampled, share)
        }
      }
    }
    #expect(covered >= 0.95)
  }

  private func binomial(_ k: Int, _ n: Int, _ p: Double) -> Double {
    let choices = lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)
    return exp(choices + Double(k) * log(p) + Double(n - k) * log1p(-p))
  }
}
