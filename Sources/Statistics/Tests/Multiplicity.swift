import RealModule

// P values of many tests, adjusted for their number. Adjusted values are compared with the level itself: "below 0.05".
extension [PValue] {
  /// Adjusted by Holm's step-down method (Scandinavian Journal of Statistics 6, 1979): the chance of even one wrong claim
  /// among all that are below 0.05 is at most 0.05, however the tests depend on each other. In the same order.
  package func holm() -> [PValue] {
    adjusted(inOrder: indices.sorted { self[$0] < self[$1] }, keep: Swift.max) { Double(count - $0) }
  }

  /// Adjusted by the step-up method of Benjamini and Hochberg (JRSS B 57, 1995): of the claims below 0.05, at most 5 % are
  /// expected to be wrong, for independent (or positively dependent) tests. In the same order.
  package func benjaminiHochberg() -> [PValue] {
    adjusted(inOrder: indices.sorted { self[$0] > self[$1] }, keep: Swift.min) { Double(count) / Double(count - $0) }
  }

  /// Every value times the factor of its rank, made monotone along the order.
  private func adjusted(
    inOrder order: [Int], keep: (Double, Double) -> Double, factor: (Int) -> Double
  ) -> [PValue] {
    var adjusted = self
    var previous: Double?
    for (rank, index) in order.enumerated() {
      let value = self[index].naturalLog + Double.log(factor(rank))
      let kept = previous.map { keep($0, value) } ?? value
      previous = kept
      adjusted[index].naturalLog = Swift.min(0, kept)
    }
    return adjusted
  }
}
