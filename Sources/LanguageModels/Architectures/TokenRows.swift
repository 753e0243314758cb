package import MLX
internal import Tokenization

// Shapes: B rows, T tokens of a row.

/// Tokens as a model reads them: rows of one text each, or of several texts that begin alike. Those share the states of their
/// common beginning, which is read once.
package struct TokenRows {
  /// int32 [B, T], padded on the right: attention is causal, so that padding cannot reach a real token.
  package let tokens: MLXArray
  /// `nil` when each row is one text.
  let sharing: Sharing?

  /// Where the texts of rows stand.
  struct Sharing {
    /// Each token's place in its text, row by row; that of padding is 0.
    let positions: [Int]
    /// int32 [B, 1 + T], as `scaledDotProductAttention` takes it.
    let layout: MLXArray
  }

  /// Rows of one text each.
  package init(_ tokens: MLXArray) {
    self.tokens = tokens
    sharing = nil
  }

  /// Rows of several texts. A row is what its texts share, then the rest of one text after the other.
  ///
  /// - Parameters:
  ///   - tokens: int32 [B, T].
  ///   - lengths: tokens of each row that are not padding.
  ///   - shared: tokens that the texts of each row share.
  ///   - starts: where the rest of each text begins in its row, in order; the first is where the shared part ends.
  package init(_ tokens: MLXArray, lengths: [Int], shared: [Int], starts: [[Int]]) throws {
    let length = tokens.dim(1)
    var positions: [Int] = []
    var layout: [Int32] = []
    for row in lengths.indices {
      layout.append(Int32(shared[row]))
      var (start, next) = (0, starts[row][...])
      for token in 0..<length {
        if let first = next.first, token >= first { (start, next) = (first, next.dropFirst()) }
        layout.append(Int32(start))
        let place = start == 0 ? token : token - start + shared[row]
        positions.append(token < lengths[row] ? place : 0)
      }
    }
    self.tokens = tokens
    sharing = Sharing(positions: positions, layout: try MLXArray(layout, [tokens.dim(0), 1 + length]))
  }

  /// Throws a `ModelError` unless every text fits a model's context and the rows can fit into memory at all.
  ///
  /// The bound on memory is far below what a training step needs, and is there because the numerical libraries do not survive
  /// that memory is refused: OpenBLAS asks again for ever.
  ///
  /// - Parameter widest: numbers that the widest step of a layer holds for each token.
  func check(context: Int, widest: Int) throws {
    let longest = sharing.map { ($0.positions.max() ?? 0) + 1 } ?? (tokens.ndim == 2 ? tokens.dim(1) : .max)
    guard tokens.ndim == 2, longest <= context else {
      throw ModelError("Tokens of shape \(tokens.shape) do not fit a context of \(context).")
    }
    // What goes into a feed-forward layer's middle, its two factors, and a gradient of one.
    let needed = 4 * tokens.size * widest * MemoryLayout<Float>.size
    if needed > Memory.limit {
      throw ModelError(
        """
        A batch of \(tokens.size) tokens needs at least \(needed >> 20) MiB, and this process may have \(Memory.limit >> 20) MiB. \
        Lower tokensPerBatch or sampling.concurrency, or lift the limit (ulimit -v).
        """)
    }
  }
}
