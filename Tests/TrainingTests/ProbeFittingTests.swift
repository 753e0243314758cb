import Episodes
import Foundation
import Testing
import Tokenization

@testable import Training

/// The arithmetic of probes, beside scikit-learn's (`Fixtures/make_probe.py`).
@Suite struct ProbeFittingTests {
  private struct Fixture: Decodable {
    struct Regression: Decodable {
      var rows: [[Double]]
      var labels: [Bool]
      var penalty: Double
      var weights: [Double]
      var bias: Double
    }

    struct Area: Decodable {
      var scores: [Double]
      var labels: [Bool]
      var area: Double
    }

    var regressions: [Regression]
    var areas: [Area]

    init() throws {
      let file = Bundle.module.bundleURL.appending(path: "Fixtures/probe.json")
      self = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    }
  }

  @Test("Logistic regression: scikit-learn's weights and bias, with fewer rows than columns and separable rows too")
  func regression() throws {
    let cases = try Fixture().regressions
    #expect(cases.count == 5)
    for (index, row) in cases.enumerated() {
      let fit = try LogisticRegression(row.rows, labels: row.labels, penalty: row.penalty)
      for (found, expected) in zip(fit.weights + [fit.bias], row.weights + [row.bias]) {
        #expect(abs(found - expected) <= 1e-6 * max(1, abs(expected)), "case \(index)")
      }
    }
  }

  @Test("One label, a penalty of 0 and numbers that are not finite are refused")
  func refusals() {
    #expect(throws: ModelError.self) { try LogisticRegression([[1], [2]], labels: [true, true], penalty: 1) }
    #expect(throws: ModelError.self) { try LogisticRegression([[1], [2]], labels: [true, false], penalty: 0) }
    #expect(throws: ModelError.self) { try LogisticRegression([[1], [.nan]], labels: [true, false], penalty: 1) }
  }

  @Test("The area under the curve is scikit-learn's, ties included; without both labels there is none")
  func area() throws {
    for row in try Fixture().areas {
      #expect(abs(try #require(areaUnderCurve(row.scores, positives: row.labels)) - row.area) < 1e-12)
    }
    #expect(areaUnderCurve([1, 2], positives: [true, true]) == nil && areaUnderCurve([], positives: []) == nil)
  }

  /// Ten negatives 0.0 to 0.9. At a rate of 0.25 two may be flagged, 0.9 and 0.8, so the threshold lies just above 0.7;
  /// at 0 none may, so it lies just above 0.9. With a tie at the top, one may not be flagged without the other.
  @Test func thresholdKeepsToTheFalsePositiveRate() {
    let negatives = (0..<10).map { Double($0) / 10 }
    #expect(threshold(negatives: negatives.reversed(), falsePositiveRate: 0.25) == 0.7.nextUp)
    #expect(threshold(negatives: negatives, falsePositiveRate: 0) == 0.9.nextUp)
    #expect(threshold(negatives: [1, 2, 5, 5], falsePositiveRate: 0.25) == 5.0.nextUp)
  }
}
