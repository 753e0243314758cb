package import Runs
package import Storage

extension ReportData {
  /// One line of the gate with its interval.
  package struct GateLine: Sendable, Codable, Hashable {
    /// What may be said of the line.
    package enum Standing: String, Sendable, Codable { case met, unmet, tooFew, shownOnly }

    /// With fewer graded episodes a line is neither met nor unmet: at 30 an interval still spans some 35 points.
    package static let leastEpisodes = 30

    package var result: GateResult
    package var estimate: Estimate
    /// The cell that was counted; `nil` where the store has none with this count.
    package var cell: Cell?

    package var standing: Standing {
      if result.target.isEmpty { return .shownOnly }
      guard let met = result.met, result.measured.completed >= Self.leastEpisodes else { return .tooFew }
      return met ? .met : .unmet
    }

    /// - Parameter counts: the gate's own episodes and those of the untrained checkpoint's measurement, on either of which a
    ///   line may rest.
    init(_ result: GateResult, of subject: RunOutline, counts: CountIndex) {
      self.result = result
      let cells = ["gate", subject.purpose].compactMap { purpose in
        subject.baseline.map {
          Cell(checkpoint: $0, environment: result.environment, arm: result.arm, purpose: purpose)
        }
      }
      cell = cells.first { counts.episodes(in: $0) == result.measured.attempted }
      let set = cell.map { EpisodeSet(cells: [$0], predicate: result.predicate) }
      // Completion counts two predicates, so a line may have more events than its predicate has.
      let isWhole = set.map { counts.tally($0) == result.measured } ?? false
      estimate = Estimate(result.measured, episodes: isWhole ? set : nil)
    }
  }
}
