import RealModule

/// Into how many copies a trajectory is split at each milestone.
package struct SplittingPlan: Sendable, Codable, Hashable {
  /// [milestones], each at least 1.
  package var factors: [Int]

  /// Factors from pilot roots, for a next run.
  ///
  /// - Parameters:
  ///   - pilot: roots that were run with any factors.
  ///   - factors: those factors, [milestones].
  ///   - cap: the largest factor.
  package init(pilot: [SplittingRoot], factors: [Int], cap: Int = 50) throws(RareEventError) {
    guard !pilot.isEmpty else { throw RareEventError("there are no pilot roots to plan from: run at least one") }
    fatalError("being written")
  }
}
