package import Episodes

/// Which examples go into which batch: a pure function of their lengths and a seed.
///
/// Examples are shuffled, then sorted by length within pools, so that the rows of a batch have about the same length and
/// little is padding, and the batches are shuffled.
package enum BatchPlan {
  /// Examples that are sorted together.
  package static let pool = 512

  /// Batches of indices into `lengths`, each of at most `tokens` tokens with padding, but of at least one row.
  package static func batches(lengths: [Int], tokens: Int, seed: Seed) -> [[Int]] {
    var generator = SeededGenerator(seed)
    let order = lengths.indices.shuffled(using: &generator)
    var batches: [[Int]] = []
    for start in stride(from: 0, to: order.count, by: pool) {
      let pool = order[start..<min(start + pool, order.count)].sorted { (lengths[$0], $0) < (lengths[$1], $1) }
      var batch: [Int] = []
      for index in pool {
        if !batch.isEmpty && (batch.count + 1) * lengths[index] > tokens {
          batches.append(batch)
          batch = []
        }
        batch.append(index)
      }
      batches.append(batch)
    }
    return batches.shuffled(using: &generator)
  }
}
