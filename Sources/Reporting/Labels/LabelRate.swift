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

  /// What the majority says of one episode that was read; `nil` for a tie.
  struct Answer {
    var prompt: Int
    var isYes: Bool?
  }

  /// - Parameter positives: in how many graded episodes of each prompt the predicate holds.
  init(positives: [Int: Count], answers: [Answer]) {
    let yes = answers.count { $0.isYes == true }
    tied = answers.count { $0.isYes == nil }
    share = Count(events: yes, trials: answers.count - tied)
    let read = Dictionary(grouping: answers, by: \.prompt)
    func corrected(isYes: (Answer) -> Bool) -> Interval {
      let clusters = positives.sorted { $0.key < $1.key }.map { prompt, count in
        let own = read[prompt] ?? []
        return CorrectedRate.ReadCluster(
          positives: count, malign: Count(events: own.count(where: isYes), trials: own.count))
      }
      return CorrectedRate(clusters: clusters).interval()
    }
    let all = positives.values.reduce(Count(events: 0, trials: 0), +)
    rate = tied > 0 && share.trials == 0 ? nil : CorrectedRate(positives: all, malign: share).estimate
    interval = Interval(
      lower: corrected { $0.isYes == true }.lower, upper: corrected { $0.isYes != false }.upper)
  }
}
