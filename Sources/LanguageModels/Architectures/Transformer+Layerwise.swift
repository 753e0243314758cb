package import MLX
internal import ModelFiles
internal import Tokenization

// Shapes: B rows, T tokens of a row, D width.

/// The model layer by layer, so that what one of them needs is free before the next begins. MLX would compute the gradients of
/// weights after all those of states, and keep what they need of every layer until then.
extension Transformer {
  package func read(_ rows: TokenRows, _ parameters: Parameters) throws -> MLXArray {
    try rows.check(context: context, widest: configuration.hidden)
    let layers = try layers(rows, dropout: nil)
    var x = try embedded(rows, parameters)
    for index in 0..<configuration.layers {
      x = try layers(index, x, parameters)
      try eval(x)
    }
    x = try normalised(x, parameters)
    try eval(x)
    return x
  }

  package func gradient(
    _ rows: TokenRows, _ parameters: Parameters, dropout: MLXArray?, of loss: StatesLoss
  ) throws -> ValueAndGrad {
    guard recomputesLayers || activationBytes(tokens: rows.tokens.size) > Self.mostActivationBytes else {
      return try wholeGradient(rows, parameters, dropout: dropout, of: loss)
    }
    try rows.check(context: context, widest: configuration.hidden)
    let layers = try layers(rows, dropout: dropout)
    // What each layer reads is kept, and no more; last what the norm reads.
    var inputs = [try embedded(rows, parameters)]
    for index in 0..<configuration.layers {
      inputs.append(try layers(index, inputs[index], parameters))
      try eval(inputs[index + 1])
    }
    let outer = parameters.filtered { !$0.hasPrefix("model.layers.") }
    let top = try valueAndGrad(outer.adding(Self.states, inputs.removeLast())) { found in
      try loss(normalised(found.require(Self.states), found), found)
    }
    try eval(top.values + top.gradients.arrays)
    var gradients = top.gradients
    for index in (0..<configuration.layers).reversed() {
      let own = parameters.filtered { $0.hasPrefix(Self.prefix(index)) }
      let (x, above) = (inputs.removeLast(), try gradients.require(Self.states))
      // The gradient of a sum weighted by the gradient above is that of the loss.
      let below = try valueAndGrad(own.adding(Self.states, x)) { found in
        [try (layers(index, found.require(Self.states), found) * above).sum()]
      }
      try eval(below.gradients.arrays)
      for (name, array) in below.gradients.pairs { gradients[name] = array }
    }
    if let matrix = parameters[Self.embeddingName] {
      let above = try gradients.require(Self.states)
      let looked = try valueAndGrad(Parameters([(Self.embeddingName, matrix)])) { found in
        [try (embedded(rows, found) * above).sum()]
      }
      gradients[Self.embeddingName] =
        try gradients.require(Self.embeddingName) + looked.gradients.require(Self.embeddingName)
    }
    return ValueAndGrad(
      values: top.values, gradients: try parameters.mapped { name, _ in try gradients.require(name) })
  }

  /// Bytes that a gradient in one graph may need for what the layers compute.
  private static let mostActivationBytes = 1 << 30

  /// About what it needs for so many tokens: in each layer four arrays of the hidden width and ten of the model's.
  private func activationBytes(tokens: Int) -> Int {
    4 * tokens * configuration.layers * (4 * configuration.hidden + 10 * configuration.width)
  }

  /// A name that no weight has.
  private static let states = "states"
}

extension Parameters {
  fileprivate func filtered(_ isWanted: (String) -> Bool) -> Parameters {
    Parameters(pairs.filter { isWanted($0.name) }.map { ($0.name, $0.array) })
  }

  fileprivate func adding(_ name: String, _ array: MLXArray) -> Parameters {
    Parameters(pairs.map { ($0.name, $0.array) } + [(name, array)])
  }
}
