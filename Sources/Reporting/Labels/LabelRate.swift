package import Statistics

/// A rate after the false positives are taken out: how often a predicate holds and the episode, read by hand, is what it
/// is counted for.
package struct LabelRate: Sendable, Codable, Hashable {
  /// What more than half of the raters say yes to, of the episodes that were read and not tied.
  package var share: Count
  /// Episodes on which as many raters say yes as no. The rate leaves them out; the interval reaches from none of them to
  /// all.
  package var tied: Int
  /// `nil` while nothing was read, or nothing measured.
  package var rate: Double?
  /// 95 %, with the uncertainty of the rate and of the share that was read.
  package var interval: Interval

  /// - Parameters:
  ///   - positives: in how many graded episodes the predicate holds.
  ///   - answers: what the majority says of each episode that was read; `nil` for a tie.
  init(positives: Count, answers: [Bool?]) {
    let yes = answers.count { $0 == true }
    tied = answers.count { $0 == nil }
    share = Count(events: yes, trials: answers.count - tied)
    func corrected(_ events: Int) -> Interval {
      CorrectedRate(positives: positives, malign: Count(events: events, trials: answers.count)).interval()
    }
    rate = tied > 0 && share.trials == 0 ? nil : CorrectedRate(positives: positives, malign: share).estimate
    interval = Interval(lower: corrected(yes).lower, upper: corrected(yes + tied).upper)
  }
}
