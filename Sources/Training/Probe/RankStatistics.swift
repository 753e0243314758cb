/// The area under the receiver operating characteristic: the chance that a positive scores higher than a negative, ties
/// counting half. 0.5 for a score that says nothing; `nil` without both kinds.
package func areaUnderCurve(_ scores: [Double], positives: [Bool]) -> Double? {
  let count = positives.count { $0 }
  guard count > 0, count < positives.count, scores.count == positives.count else { return nil }
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
  var rankSum = 0.0
  var start = 0
  while start < order.count {
    let end = order[start...].firstIndex { scores[$0] != scores[order[start]] } ?? order.count
    rankSum += Double(order[start..<end].count { positives[$0] }) * Double(start + 1 + end) / 2
    start = end
  }
  let (p, n) = (Double(count), Double(positives.count - count))
  return (rankSum - p * (p + 1) / 2) / (p * n)
}

/// The lowest threshold at which at most this share of the negatives is flagged, a score at or above it being flagged.
///
/// - Parameters:
///   - negatives: at least one.
///   - falsePositiveRate: from 0 to below 1.
package func threshold(negatives: [Double], falsePositiveRate: Double) -> Double {
  let allowed = Int((falsePositiveRate * Double(negatives.count)).rounded(.down))
  return negatives.sorted(by: >)[min(allowed, negatives.count - 1)].nextUp
}
