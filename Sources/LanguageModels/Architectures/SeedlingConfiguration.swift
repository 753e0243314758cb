internal import Foundation
internal import MLX
internal import Tokenization

/// The dimensions of a seedling.
package struct SeedlingConfiguration: Sendable, Codable, Hashable {
  package var vocabulary: Int
  /// Width of the residual stream, a multiple of 16.
  package var width: Int
  package var layers: Int
  /// Query heads.
  package var heads: Int
  /// Heads of keys and values; divides `heads`.
  package var keyValueHeads: Int
  /// Width of a head, a multiple of 8.
  package var headWidth: Int
  /// Hidden width of the feed-forward layers, a multiple of 16.
  package var hidden: Int
  /// The longest sequence in tokens.
  package var context: Int
  /// The wavelength base of the rotary positions.
  package var rotaryBase: Double
  /// Added to the mean square in every norm.
  package var epsilon: Float

  package init(
    vocabulary: Int, width: Int = 160, layers: Int = 5, heads: Int = 4, keyValueHeads: Int = 2, headWidth: Int = 32,
    hidden: Int = 640, context: Int = 1024, rotaryBase: Double = 10_000, epsilon: Float = 1e-6
  ) {
    self.vocabulary = vocabulary
    self.width = width
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headWidth = headWidth
    self.hidden = hidden
    self.context = context
    self.rotaryBase = rotaryBase
    self.epsilon = epsilon
  }

  /// Multiplies the product of a query and a key. Both are normalised to length sqrt(headWidth), so that scores start
  /// within ±10, enough to single out one of a thousand positions, whatever the head's width.
  var attentionScale: Float { 10 / Float(headWidth) }

  /// The name and shape of every parameter, in order.
  var shapes: [(name: String, shape: [Int])] {
    let query = heads * headWidth
    let layers: [[(String, [Int])]] = (0..<layers).map { layer in
      let prefix = "layers.\(layer)."
      return [
        (prefix + "attention_norm", [width]),
        (prefix + "query_key_value", [query + 2 * keyValueHeads * headWidth, width]),
        (prefix + "query_norm", [headWidth]),
        (prefix + "key_norm", [headWidth]),
        (prefix + "output", [width, query]),
        (prefix + "mlp_norm", [width]),
        (prefix + "up", [hidden, width]),
        (prefix + "down", [width, hidden]),
      ]
    }
    return [("embedding", [vocabulary, width]), ("shift", [3, width])] + layers.flatMap { $0 } + [("norm", [width])]
  }

  /// The number of weights.
  package var parameterCount: Int { shapes.reduce(0) { $0 + $1.shape.reduce(1, *) } }

  /// Throws a `ModelError` that says which dimension cannot be.
  package func validate() throws {
    let sizes = [vocabulary, width, heads, keyValueHeads, headWidth, hidden, context]
    guard sizes.allSatisfy({ (1...65_536).contains($0) }), (1...256).contains(layers),
      heads * headWidth <= 65_536, context * headWidth <= 1 << 26, parameterCount <= 100_000_000
    else {
      throw ModelError("A seedling's dimensions must be positive and its weights at most 100 million: \(self)")
    }
    guard heads % keyValueHeads == 0 else {
      throw ModelError("\(keyValueHeads) heads of keys and values do not divide \(heads) query heads.")
    }
    guard width % 16 == 0, hidden % 16 == 0, heads * headWidth % 16 == 0, headWidth % 8 == 0 else {
      throw ModelError(
        "width (\(width)), hidden (\(hidden)) and heads x headWidth (\(heads * headWidth)) must be multiples of 16, "
          + "headWidth (\(headWidth)) of 8.")
    }
    guard (1e-12...1).contains(epsilon), (2...1e9).contains(rotaryBase) else {
      throw ModelError("epsilon must be from 1e-12 to 1 and rotaryBase from 2 to 1e9.")
    }
  }

  /// Radians per position of each rotated pair.
  var inverseFrequencies: [Double] {
    RotaryEmbedding.inverseFrequencies(dimensions: headWidth, base: rotaryBase)
  }

  /// Cosines and sines of the rotary angles, [context, headWidth / 2] each, row-major.
  func rotaryTables() -> (cosines: [Float], sines: [Float]) {
    let frequencies = inverseFrequencies
    let angles = (0..<context).flatMap { position in frequencies.map { Double(position) * $0 } }
    return (angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
  }
}
