import Foundation
import Testing

@testable import Training

@Suite struct PreferenceEvaluationTests {
  @Test("Counts, kinds, bins, calibration error and log loss, worked by hand")
  func byHand() {
    // Leads log 4 (0.8 sure, right), -log 4 (0.8 sure, wrong), log 9 (0.9, right), 0 (0.5, a tie).
    let evaluation = PreferenceEvaluation([
      (log(4) + 3, 3, "a"), (0, log(4), "a"), (log(9), 0, "b"), (2, 2, nil),
    ])
    #expect(evaluation.overall.correct == 2 && evaluation.overall.ties == 1 && evaluation.overall.total == 4)
    #expect(evaluation.kinds["a"]?.correct == 1 && evaluation.kinds["a"]?.total == 2)
    #expect(evaluation.kinds["b"]?.correct == 1 && evaluation.kinds.count == 2)
    // Bins of width 0.1: [0.5, 0.6) holds the tie; 0.8, on a border, is in [0.7, 0.8) or [0.8, 0.9) by rounding; 0.9 alike.
    #expect(evaluation.calibration.reduce(0) { $0 + $1.count } == 4)
    #expect(evaluation.calibration.first?.observed == 0.5 && evaluation.calibration.first?.predicted == 0.5)
    // -log P: log 1.25, log 5, log(10 / 9), log 2; together 0.223144 + 1.609438 + 0.105361 + 0.693147 = 2.631090.
    #expect(abs(evaluation.logLoss - 2.631090 / 4) < 1e-6)
  }

  @Test("A model that is as right as it is sure has no calibration error; one that is always sure has what it is wrong")
  func calibration() {
    // Probability 0.75 is a lead of log 3: three of four right.
    let fair = (0..<400).map { index in
      index % 4 == 0 ? (0.0, log(3.0), nil as String?) : (log(3.0), 0.0, nil)
    }
    let evaluation = PreferenceEvaluation(fair)
    #expect(evaluation.calibration.count == 1 && evaluation.calibration[0].count == 400)
    #expect(abs(evaluation.calibration[0].predicted - 0.75) < 1e-9 && evaluation.calibration[0].observed == 0.75)
    #expect(evaluation.calibrationError < 1e-9)
    let vain = PreferenceEvaluation(fair.map { ($0.0 * 100, $0.1 * 100, nil) })
    #expect(abs(vain.calibrationError - 0.25) < 1e-6)
    #expect(PreferenceEvaluation([]).overall.total == 0 && PreferenceEvaluation([]).logLoss == 0)
  }
}
