internal import CMLX

// This project's own operations: multi-threaded float32 kernels with hand-written gradients, for arrays of any size.
//
// Shapes: B batch, T positions (queries), S keys, H heads, G key heads (H a multiple of G), D width, V vocabulary,
// R rotated pairs, K taps. All throw an `MLXError` when shapes do not fit.

/// A function applied to every element of a hidden layer.
package enum Activation: String, Sendable, Codable, CaseIterable {
  /// GELU in its tanh form.
  case gelu
  /// x times its logistic function.
  case silu
  /// The square of the positive part.
  case relu2

  var kind: cmlx_activation_kind {
    switch self {
    case .gelu: CMLX_GELU
    case .silu: CMLX_SILU
    case .relu2: CMLX_RELU2
    }
  }

  /// The function of every element.
  package func callAsFunction(_ x: MLXArray) throws -> MLXArray {
    try MLXArray(owning: cmlx_activation(kind, x.handle))
  }

  /// The function of `gate` times `value` (GeGLU, SwiGLU); both of one shape.
  package func callAsFunction(gate: MLXArray, value: MLXArray) throws -> MLXArray {
    try MLXArray(owning: cmlx_gated_activation(kind, gate.handle, value.handle))
  }
}

/// GELU in its tanh form.
package func gelu(_ x: MLXArray) throws -> MLXArray { try Activation.gelu(x) }

/// Which keys a query sees.
package struct AttentionMask {
  /// The last query stands at the last key, and each sees itself and what is before it.
  package var causal: Bool
  /// int32 [B]: keys from this number on are padding. Nil when there is none.
  package var lengths: MLXArray?

  /// A causal mask, one for padding, or both.
  package init(causal: Bool, lengths: MLXArray? = nil) {
    self.causal = causal
    self.lengths = lengths
  }

  /// Causal, without padding.
  package static var causal: AttentionMask { AttentionMask(causal: true) }
}

/// softmax(scale * scores) over the keys that `mask` shows, 0 elsewhere; scores [B, ..., T, S].
package func softmax(_ scores: MLXArray, scale: Float, mask: AttentionMask) throws -> MLXArray {
  try MLXArray(owning: cmlx_masked_softmax(scores.handle, mask.lengths?.handle, mask.causal, scale))
}

/// Attention of queries [B, T, H, D] over keys and values [B, S, G, D], giving [B, T, H, D].
///
/// Note the order of axes, which is the order a projection gives: no transposes are needed. The scores are never stored.
///
/// - Parameters:
///   - shared: int32 [B, 1 + T], with a causal mask and S = T: a row holds texts that begin alike. It says how many tokens
///     they share, then of each token where what is its text's own begins in the row, 0 in the shared part; a token sees the
///     shared ones and its own text up to itself.
///   - window: with a causal mask, each query sees only the last `window` keys of its text, its own included; `nil` for all.
package func scaledDotProductAttention(
  queries: MLXArray, keys: MLXArray, values: MLXArray, scale: Float, mask: AttentionMask, shared: MLXArray? = nil,
  window: Int? = nil
) throws -> MLXArray {
  if let window, window < 1 { throw MLXError("A window of \(window) keys shows nothing.") }
  return try MLXArray(
    owning: cmlx_attention(
      queries.handle, keys.handle, values.handle, mask.lengths?.handle, shared?.handle, mask.causal,
      int32(window ?? 0), scale))
}

/// Cross-entropy of each row of logits [..., V] against its target (int32 [...], each in 0..<V).
package struct CrossEntropy {
  /// -log p(target), in nats; shape [...].
  package let loss: MLXArray
  /// log sum exp(logits); shape [...].
  package let logSumExp: MLXArray

  /// Throws when shapes do not fit; a target out of range throws at evaluation.
  package init(logits: MLXArray, targets: MLXArray) throws {
    var loss: OpaquePointer?
    var logSumExp: OpaquePointer?
    try check(cmlx_cross_entropy(logits.handle, targets.handle, &loss, &logSumExp))
    self.loss = try MLXArray(owning: loss)
    self.logSumExp = try MLXArray(owning: logSumExp)
  }
}

/// The cross-entropy, in nats, of an output head over states [N, D]: [N]. Logits are states times the transpose of `head`
/// [V, D], but at no time are all of them in memory. A target (int32 [N]) outside 0..<V is an error at evaluation.
///
/// - Parameters:
///   - logitCap: logits become `logitCap * tanh(logits / logitCap)`; `nil` leaves them.
///   - frozen: no gradient of `head` will be asked for, which saves half of the products.
package func linearCrossEntropy(
  states: MLXArray, head: MLXArray, targets: MLXArray, logitCap: Float? = nil, frozen: Bool
) throws -> MLXArray {
  try MLXArray(
    owning: cmlx_linear_cross_entropy(states.handle, head.handle, targets.handle, logitCap ?? 0, frozen))
}

/// A frozen matrix [O, I] with a low-rank change b a beside it: a [r, I], b [O, r].
package struct AdaptedMatrix {
  package let matrix, a, b: MLXArray

  package init(matrix: MLXArray, a: MLXArray, b: MLXArray) { (self.matrix, self.a, self.b) = (matrix, a, b) }
}

/// x [..., I] times the transpose of every W + scale * b a, [..., O] each, where the products are shared as far as they can
/// be. The matrices W have no gradient.
package func adaptedLinear(_ x: MLXArray, _ maps: [AdaptedMatrix], scale: Float) throws -> [MLXArray] {
  let (matrices, a, b) = (maps.map(\.matrix), maps.map(\.a), maps.map(\.b))
  var results = [OpaquePointer?](repeating: nil, count: maps.count)
  try withExtendedLifetime((matrices, a, b)) {
    let handles = [matrices, a, b].map { $0.map { $0.handle as OpaquePointer? } }
    try check(cmlx_adapted_linear(x.handle, handles[0], handles[1], handles[2], maps.count, scale, &results))
  }
  return try results.map { try MLXArray(owning: $0) }
}

/// A frozen matrix [O, I] that stays in blocks: it takes an eighth to a third of the memory of its floats.
package struct BlockMatrix {
  /// [O, I].
  package let shape: [Int]
  /// uint8 [O, I * bits / 8]; scales and offsets [O, blocks of a row].
  private let numbers, scales: MLXArray
  private let offsets: MLXArray?
  private let bits, bias: Int32

  /// Elements number * scale - offset. Numbers that fit four bits are kept in four.
  ///
  /// - Parameters:
  ///   - numbers: [O, I], row by row.
  ///   - scales: [O, blocks of a row]; all blocks have an even number of elements.
  ///   - offsets: as many, or none.
  package init(shape: [Int], numbers: [Int8], scales: [Float], offsets: [Float]) throws {
    guard shape.count == 2, let rows = shape.first, rows > 0, numbers.count == shape[0] * shape[1],
      scales.count % rows == 0
    else { throw MLXError("A matrix of \(numbers.count) numbers and \(scales.count) scales is not of shape \(shape).") }
    self.shape = shape
    var (packed, bits, bias): (OpaquePointer?, Int32, Int32) = (nil, 0, 0)
    try check(cmlx_pack_numbers(numbers, rows, shape[1], &packed, &bits, &bias))
    (self.numbers, self.bits, self.bias) = (try MLXArray(owning: packed), bits, bias)
    self.scales = try MLXArray(scales, [rows, scales.count / rows])
    self.offsets = try offsets.isEmpty ? nil : MLXArray(offsets, [rows, offsets.count / rows])
  }

  /// x [..., I] times the transpose of this matrix, [..., O].
  package func callAsFunction(_ x: MLXArray) throws -> MLXArray {
    try MLXArray(
      owning: cmlx_block_linear(x.handle, numbers.handle, scales.handle, offsets?.handle, bits, bias))
  }
}

/// x / sqrt(mean(x^2) + eps) * weight over the last axis.
package func rmsNorm(_ x: MLXArray, weight: MLXArray, eps: Float) throws -> MLXArray {
  try MLXArray(owning: cmlx_rms_norm(x.handle, weight.handle, eps))
}

/// (x - mean) / sqrt(variance + eps) * weight + bias over the last axis.
package func layerNorm(_ x: MLXArray, weight: MLXArray, bias: MLXArray, eps: Float) throws -> MLXArray {
  try MLXArray(owning: cmlx_layer_norm(x.handle, weight.handle, bias.handle, eps))
}

/// Rows of a table [V, D] at ids (int32, any shape): [..., D]. An id outside 0..<V is an error at evaluation.
package func embedding(_ table: MLXArray, _ ids: MLXArray) throws -> MLXArray {
  try MLXArray(owning: cmlx_embedding(table.handle, ids.handle))
}

/// y[b, t] = sum over k of weight[k] * x[b, t - k], for x [B, T, D] and weight [K, D]; nothing stands before t = 0.
package func causalShift(_ x: MLXArray, weight: MLXArray) throws -> MLXArray {
  try MLXArray(owning: cmlx_causal_shift(x.handle, weight.handle))
}

/// The last axis in parts of these sizes, which must add up to it: queries, keys and values of one projection, say.
/// Faster than slicing, above all its gradient.
package func split(_ x: MLXArray, sizes: [Int]) throws -> [MLXArray] {
  let widths = try int32(sizes)
  var parts = [OpaquePointer?](repeating: nil, count: sizes.count)
  try check(cmlx_split(x.handle, widths, sizes.count, &parts))
  return try parts.map { try MLXArray(owning: $0) }
}
