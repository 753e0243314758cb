internal import LanguageModels
internal import MLX

// Shapes: N actions, D width, V vocabulary; states [N, D], targets int32 [N], results [N].

/// The distribution softmax(logits / temperature) that actions are drawn from, computed without ever holding [B, T, V].
struct ActionDistribution {
  let head: OutputHead
  let temperature: Float
  /// Whether gradients will be asked for.
  var isDifferentiated = true
  /// Logits held at a time when they are computed at all.
  var slice = 1 << 24

  /// The log-probabilities of `targets`.
  func logProbabilities(_ states: MLXArray, _ targets: MLXArray) throws -> MLXArray {
    if !head.isFrozen && states.dim(0) * head.matrix.dim(0) <= slice {
      return try -CrossEntropy(logits: logits(states, head.matrix), targets: targets).loss
    }
    return try -linearCrossEntropy(
      states: states / temperature, head: head.matrix, targets: targets,
      logitCap: head.logitCap.map { $0 / temperature },
      frozen: head.isFrozen && isDifferentiated)
  }

  /// The same with the entropies, both with gradients: a slice of positions at a time, computed again for the gradient.
  func logProbabilitiesAndEntropies(
    _ states: MLXArray, _ targets: MLXArray
  ) throws -> (logProbabilities: MLXArray, entropies: MLXArray) {
    let rows = max(1, slice / head.matrix.dim(0))
    guard states.dim(0) > rows else { return try both(states, head.matrix, targets) }
    let parts = try stride(from: 0, to: states.dim(0), by: rows).map { from in
      let to = min(from + rows, states.dim(0))
      let (part, drawn) = (try states[from..<to], try targets[from..<to])
      let matrix = head.matrix
      let inputs = head.isFrozen ? [part] : [part, matrix]
      return try checkpoint(inputs) { inputs in
        let result = try both(inputs[0], inputs.count > 1 ? inputs[1] : matrix, drawn)
        return [result.logProbabilities, result.entropies]
      }
    }
    return (try concatenated(parts.map { $0[0] }), try concatenated(parts.map { $0[1] }))
  }

  /// The same as values, for vocabularies of any size: the gradient g of a loss -log p(a) by its state s is the mean of the
  /// head's rows less row a, so that s g is the mean logit less the action's, and the entropy is -log p(a) - s g. A cap on
  /// the logits breaks that, and slices are taken instead.
  func measured(
    _ states: MLXArray, _ targets: MLXArray
  ) throws -> (logProbabilities: MLXArray, entropies: MLXArray) {
    if head.logitCap != nil || head.matrix.dim(0) <= 1 << 14 {
      return try logProbabilitiesAndEntropies(states, targets)
    }
    let scaled = try states / temperature
    let losses = try valueAndGrad(Parameters([("states", scaled)])) { parameters in
      let losses = try linearCrossEntropy(
        states: parameters.require("states"), head: head.matrix, targets: targets, frozen: true)
      return [try losses.sum(), losses]
    }
    let gradient = try losses.gradients.require("states")
    return (try -losses.values[1], try losses.values[1] - (scaled * gradient).sum(axis: -1))
  }

  private func both(
    _ states: MLXArray, _ matrix: MLXArray, _ targets: MLXArray
  ) throws -> (logProbabilities: MLXArray, entropies: MLXArray) {
    let logits = try logits(states, matrix)
    let result = try CrossEntropy(logits: logits, targets: targets)
    return (try -result.loss, try PolicyLosses.entropy(logits: logits, logSumExp: result.logSumExp))
  }

  private func logits(_ states: MLXArray, _ matrix: MLXArray) throws -> MLXArray {
    let logits = try matmul(states, matrix.T)
    guard let cap = head.logitCap else { return temperature == 1 ? logits : try logits / temperature }
    return try tanh(logits / cap) * (cap / temperature)
  }
}
