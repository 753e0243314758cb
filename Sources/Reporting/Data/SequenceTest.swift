import Foundation
import Statistics
import Storage

/// Whether two conditions differ when each sequence is one observation: the exact permutation test on the difference of
/// the mean rates, two-sided. Unlike Fisher's test on pooled counts it holds when sequences differ among themselves.
///
/// - Returns: `nil` with so few sequences that no result could be below 0.05 (fewer than 40 ways to share them out), with
///   more than 20, and where a sequence has no graded episode.
func sequenceTest(_ a: Sequences, _ b: Sequences) -> PValue? {
  let (first, second) = (a.rates, b.rates)
  let total = first.count + second.count
  guard first.count == a.tallies.count, second.count == b.tallies.count, total <= 20
  else { return nil }
  let rates = first + second
  let sum = rates.reduce(0, +)
  func distance(_ part: Double) -> Double {
    abs(part / Double(first.count) - (sum - part) / Double(second.count))
  }
  let seen = distance(first.reduce(0, +)) - 1e-12
  var (extreme, all) = (0, 0)
  func choose(_ count: Int, from index: Int, _ part: Double) {
    if count == 0 {
      all += 1
      if distance(part) >= seen { extreme += 1 }
    } else if total - index >= count {
      choose(count - 1, from: index + 1, part + rates[index])
      choose(count, from: index + 1, part)
    }
  }
  choose(first.count, from: 0, 0)
  return all < 40 ? nil : PValue(naturalLog: log(Double(extreme) / Double(all)))
}
