internal import Tokenization

/// Low-rank adaptation (Hu et al. 2021): a frozen matrix W is used as W + alpha / rank * B A.
package struct LoRAConfiguration: Sendable, Codable, Hashable {
  /// Rows of A and columns of B.
  package var rank: Int
  /// The adapter's strength, before it is divided by the rank.
  package var alpha: Float
  /// The modules that get an adapter, by the last part of their names.
  package var targets: [String]
  /// The share of the inputs of A that are zeroed in training.
  package var dropout: Float

  package init(rank: Int = 16, alpha: Float = 32, targets: [String] = Self.everyMatrix, dropout: Float = 0) {
    self.rank = rank
    self.alpha = alpha
    self.targets = targets
    self.dropout = dropout
  }

  /// Every matrix of a layer.
  package static let everyMatrix = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

  /// What the product of the factors is multiplied by.
  var scale: Float { alpha / Float(max(1, rank)) }

  /// Throws a `ModelError` that says what cannot be.
  package func validate() throws {
    guard (1...1_024).contains(rank) else { throw ModelError("A LoRA rank must be from 1 to 1024, not \(rank).") }
    guard alpha.isFinite, alpha > 0 else { throw ModelError("A LoRA alpha must be a positive number, not \(alpha).") }
    guard (0..<1).contains(dropout) else {
      throw ModelError("A LoRA dropout must be at least 0 and below 1, not \(dropout).")
    }
    let unknown = targets.filter { !Self.everyMatrix.contains($0) }
    guard unknown.isEmpty, !targets.isEmpty else {
      throw ModelError("LoRA targets must be some of \(Self.everyMatrix), not \(targets).")
    }
  }
}
