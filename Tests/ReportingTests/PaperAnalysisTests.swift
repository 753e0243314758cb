import Foundation
import Reporting
import Statistics
import Testing

/// The paper's own table, against SciPy.
struct PaperAnalysisTests {
  private let analysis = PaperAnalysis()

  /// `scipy.stats.fisher_exact` of every pair, in the order of `itertools.combinations`.
  @Test func everyFisherTestIsSciPys() {
    let overwrite = [
      4.427465516e-28, 9.900779534e-26, 3.551856244e-20, 6.203570133e-06, 5.637045637e-07, 0.03194348364, 0.1708093919,
      0.02812582735, 0.04794252362, 0.001296260702, 0.0005413489722, 0.001419653425, 0.177800285, 0.3392472863, 1,
    ]
    let pass = [
      5.575528012e-05, 6.826409568e-05, 0.06091202825, 1, 1, 0.12499625, 0.2965840141, 0.1796574581, 0.3657232733,
      0.3657232733, 0.007005859249, 0.02968609422, 0.1249624991, 0.1249624991, 0.003538692261, 1, 1, 0.6410397631, 1, 1,
      1,
    ]
    #expect(analysis.checks.count == overwrite.count + pass.count)
    for (check, p) in zip(analysis.checks, overwrite + pass) {
      #expect(abs(check.p.value / p - 1) < 1e-8, "\(check.words)")
    }
  }

  /// `binomtest(k, n).proportion_ci(0.95, "exact")` and `"wilson"`: the counts of anchors.md.
  @Test(arguments: [
    (7, 32_768, 8.589171956804573e-05, 0.00044009527216975087, 0.00010348467189024029, 0.00044092961874743193),
    (45, 32_768, 0.001001858801150887, 0.0018371447780107485, 0.001026560292630457, 0.0018369180669426596),
    (0, 100_000, 0, 3.688811415754905e-05, 0, 3.841311258303963e-05),
    (4, 100_000, 1.0898757830542258e-05, 0.00010241269055198558, 1.5555325305394583e-05, 0.0001028547142286384),
    (5, 10_000, 0.0001623679341989253, 0.001166444209071642, 0.0002135884261638257, 0.0011700259461420934),
    (6, 10_000, 0.0002202202386553933, 0.0013054864830112224, 0.0002750134763309977, 0.001308524096300786),
  ])
  func everyIntervalIsSciPys(_ row: (Int, Int, Double, Double, Double, Double)) throws {
    let rate = try #require(analysis.rates.first { $0.count == Count(events: row.0, trials: row.1) })
    let pairs = [
      (rate.clopperPearson.lower, row.2), (rate.clopperPearson.upper, row.3), (rate.wilson.lower, row.4),
      (rate.wilson.upper, row.5),
    ]
    for (ours, theirs) in pairs { #expect(abs(ours - theirs) <= 1e-8 * theirs) }
  }

  @Test func saysWhatTheCountsDoNotShow() throws {
    let check = try #require(
      analysis.check(PaperFigure.trainAway.title, PaperFigure.helpfulOnly.title, .overwriteAndPass))
    #expect(check.words == "4 in 100,000 against 0 in 100,000 is not significant (p = 0.12)")
    let other = try #require(analysis.check(PaperFigure.hhh.title, PaperFigure.helpfulOnly.title, .overwrite))
    #expect(other.words == "45 in 32,768 against 0 in 100,000 is significant (p = 4.4e-28)")
    #expect(other.ratio?.ratio == .infinity)
    #expect(analysis.named.contains(check.words))
  }

  /// 1 - (1 - 45/32768)^n: 12.8 % and 74.7 % in the paper's list of facts.
  @Test func chanceToSeeOne() {
    #expect(abs(analysis.chances[0].chance - 0.1284) < 5e-4)
    #expect(abs(analysis.chances[1].chance - 0.7469) < 5e-4)
    #expect(abs(analysis.chances[3].chance - 0.95) < 5e-5)
  }

  /// 0.125 % of 32,768 is 40.96 and 0.135 % is 44.2; 0.13 % is 42.6 and 0.14 % is 45.9. 45/32,768 is 1.373 in 1,000.
  @Test func findsWhatDoesNotFit() {
    #expect(analysis.inconsistencies.count == 4)
    #expect(analysis.inconsistencies[0].contains("1.37 in 1,000 (95 %: 1.002 to 1.837)"))
    #expect(analysis.inconsistencies[2].contains("41 to 44 events when rounded and 43 to 45 when cut off"))
  }

  @Test func onesOwnCountsStandBesideThePapers() {
    let ours = PaperAnalysis(beside: [.overwrite: ("mine", Count(events: 3, trials: 2_000))])
    #expect(ours.check("mine", PaperFigure.helpfulOnly.title, .overwrite)?.p.value ?? 1 < 1e-4)
    #expect(ours.text.contains("mine against helpful-only model: 3 in 2,000 against 0 in 100,000 is significant"))
  }
}
