// Shapes: r rank; a module's matrix is [out, in], its adapter a [r, in] and b [out, r].

/// A low-rank change to some of a model's matrices, kept apart from them: y = W x + alpha / r * b (a x)
/// (LoRA, arXiv 2106.09685).
package struct Adapter: Sendable, Hashable {
  /// The two factors of one module's change.
  package struct Factors: Sendable, Hashable {
    /// [r, in].
    package let a: Weight
    /// [out, r].
    package let b: Weight

    package init(a: Weight, b: Weight) {
      self.a = a
      self.b = b
    }
  }

  package let rank: Int
  package let alpha: Float
  /// By module, for example `model.layers.0.self_attn.q_proj`.
  package let matrices: [String: Factors]

  package init(rank: Int, alpha: Float, matrices: [String: Factors]) {
    self.rank = rank
    self.alpha = alpha
    self.matrices = matrices
  }

  /// What the product of the factors is multiplied by.
  package var scale: Float { settings.scale }
}
