package import MLX

// Shapes: B rows, T tokens of a row, D width, V vocabulary; tokens int32 [B, T], states [B, T, D], logits [B, T, V].

/// A language model that can be trained: it says what the next token is after each of a row's tokens.
///
/// `parameters` are what training changes. Weights that stay as they are belong to the model itself, so that no gradient
/// and no optimiser state is ever made for them.
package protocol CausalLanguageModel {
  /// The trainable weights.
  var parameters: Parameters { get set }
  /// The longest row in tokens.
  var context: Int { get }
  /// The trainable matrices of hidden layers, which Muon may train.
  var hiddenMatrices: Set<String> { get }

  /// Whether rows may hold several texts.
  var sharesBeginnings: Bool { get }

  /// The normalised states that the output head reads, [B, T, D].
  ///
  /// - Parameters:
  ///   - parameters: in place of the model's own.
  ///   - dropout: the random key of dropout; `nil` for none, which is how a model is used.
  func hidden(_ rows: TokenRows, _ parameters: Parameters, dropout: MLXArray?) throws -> MLXArray

  /// The output head under the given parameters.
  func head(_ parameters: Parameters) throws -> OutputHead

  /// The states, computed; nothing is kept for a gradient.
  func read(_ rows: TokenRows, _ parameters: Parameters) throws -> MLXArray

  /// The values of a loss of the states, and the gradient of the first of them; all of it is computed.
  ///
  /// - Parameter parameters: what is differentiated; there may be more than the model has, which the loss uses.
  func gradient(
    _ rows: TokenRows, _ parameters: Parameters, dropout: MLXArray?, of loss: StatesLoss
  ) throws -> ValueAndGrad
}

/// The values of a loss, that to be differentiated first, from the states [B, T, D] and the parameters.
package typealias StatesLoss = (_ states: MLXArray, _ parameters: Parameters) throws -> [MLXArray]

/// What turns states into logits.
package struct OutputHead {
  /// [V, D].
  package let matrix: MLXArray
  /// Logits are `logitCap * tanh(logits / logitCap)` where there is one.
  package let logitCap: Float?
  /// Whether training leaves it as it is.
  package let isFrozen: Bool

  /// Unnormalised log-probabilities [..., V] of states [..., D].
  package func logits(_ states: MLXArray) throws -> MLXArray {
    let logits = try matmul(states, matrix.T)
    guard let cap = logitCap else { return logits }
    return try tanh(logits / cap) * cap
  }
}

extension CausalLanguageModel {
  /// The states of rows of one text each: tokens int32 [B, T], padded on the right.
  package func hidden(_ tokens: MLXArray, _ parameters: Parameters, dropout: MLXArray?) throws -> MLXArray {
    try hidden(TokenRows(tokens), parameters, dropout: dropout)
  }

  /// Unnormalised log-probabilities [B, T, V] of the token after each of `tokens`, int32 [B, T].
  package func logits(_ tokens: MLXArray, _ parameters: Parameters) throws -> MLXArray {
    try head(parameters).logits(hidden(tokens, parameters, dropout: nil))
  }

  package func read(_ rows: TokenRows, _ parameters: Parameters) throws -> MLXArray {
    let states = try hidden(rows, parameters, dropout: nil)
    try eval(states)
    return states
  }

  package func gradient(
    _ rows: TokenRows, _ parameters: Parameters, dropout: MLXArray?, of loss: StatesLoss
  ) throws -> ValueAndGrad {
    try wholeGradient(rows, parameters, dropout: dropout, of: loss)
  }

  /// The gradient in one graph.
  func wholeGradient(
    _ rows: TokenRows, _ parameters: Parameters, dropout: MLXArray?, of loss: StatesLoss
  ) throws -> ValueAndGrad {
    let result = try valueAndGrad(parameters) { try loss(hidden(rows, $0, dropout: dropout), $0) }
    try eval(result.values + result.gradients.arrays)
    return result
  }
}
