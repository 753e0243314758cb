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
}

/// What turns states into logits.
package struct OutputHead {
  /// [V, D].
  package let matrix: MLXArray
  /// Logits are `logitCap * tanh(logits / logitCap)` where there is one.
  package let logitCap: Float?
  /// Whether training leaves it as it is.
  package let isFrozen: Bool
}

extension CausalLanguageModel {
  /// The states of rows of one text each: tokens int32 [B, T], padded on the right.
  package func hidden(_ tokens: MLXArray, _ parameters: Parameters, dropout: MLXArray?) throws -> MLXArray {
    try hidden(TokenRows(tokens), parameters, dropout: dropout)
  }

  /// Unnormalised log-probabilities [B, T, V] of the token after each of `tokens`.
  package func logits(_ tokens: MLXArray, _ parameters: Parameters) throws -> MLXArray {
    try logits(TokenRows(tokens), parameters)
  }

  /// The same of rows.
  package func logits(_ rows: TokenRows, _ parameters: Parameters, dropout: MLXArray? = nil) throws -> MLXArray {
    let head = try head(parameters)
    let logits = try matmul(hidden(rows, parameters, dropout: dropout), head.matrix.T)
    guard let cap = head.logitCap else { return logits }
    return try tanh(logits / cap) * cap
  }
}
