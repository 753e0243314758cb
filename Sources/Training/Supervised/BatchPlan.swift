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
    let pools = stride(from: 0, to: order.count, by: pool).map { order[$0..<min($0 + pool, order.count)] }
    return pools.flatMap { pool in
      cut(pool.sorted { (lengths[$0], $0) < (lengths[$1], $1) }, lengths: lengths, tokens: tokens)
    }.shuffled(using: &generator)
  }

  /// Batches of all indices in order of length, each of at most `tokens` tokens with padding, but of at least one row.
  static func inOrderOfLength(_ lengths: [Int], tokens: Int) -> [[Int]] {
    cut(lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }, lengths: lengths, tokens: tokens)
  }

  /// Cuts indices, which are in order of length, into batches.
  static func cut(_ order: [Int], lengths: [Int], tokens: Int) -> [[Int]] {
    order.reduce(into: []) { batches, index in
      if let last = batches.last, (last.count + 1) * lengths[index] <= tokens {
        batches[batches.count - 1].append(index)
      } else {
        batches.append([index])
      }
    }
  }
}
