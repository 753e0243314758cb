package import ModelFiles

/// What kind of transformer a checkpoint is, with its dimensions.
package enum ModelArchitecture: Sendable, Hashable {
  /// This project's own small one.
  case seedling(SeedlingConfiguration)
  /// A pretrained model of the Llama line.
  case transformer(TransformerConfiguration)

  /// How it is called in files and tables.
  package var name: String {
    switch self {
    case .seedling: "seedling"
    case .transformer(let configuration): configuration.family.rawValue
    }
  }

  /// The longest sequence in tokens.
  package var context: Int {
    switch self {
    case .seedling(let configuration): configuration.context
    case .transformer(let configuration): configuration.context
    }
  }

  /// The width of the states that a head reads.
  package var width: Int {
    switch self {
    case .seedling(let configuration): configuration.width
    case .transformer(let configuration): configuration.width
    }
  }

  /// The number of token ids.
  package var vocabulary: Int {
    switch self {
    case .seedling(let configuration): configuration.vocabulary
    case .transformer(let configuration): configuration.vocabulary
    }
  }

  /// The sizes in one line.
  package var dimensions: String {
    switch self {
    case .seedling(let size):
      Self.line(size.width, size.layers, size.heads, size.keyValueHeads, size.headWidth, size.hidden, size.context)
    case .transformer(let size):
      Self.line(size.width, size.layers, size.heads, size.keyValueHeads, size.headWidth, size.hidden, size.context)
    }
  }

  private static func line(
    _ width: Int, _ layers: Int, _ heads: Int, _ keyValueHeads: Int, _ headWidth: Int, _ hidden: Int, _ context: Int
  ) -> String {
    "width \(width), layers \(layers), heads \(heads) of width \(headWidth) (\(keyValueHeads) of keys and values), "
      + "hidden \(hidden), context \(context)"
  }

  /// The name and shape of every weight, in order.
  package var weightShapes: [(name: String, shape: [Int])] {
    switch self {
    case .seedling(let configuration): configuration.shapes
    case .transformer(let configuration): configuration.weightShapes
    }
  }

  /// The number of weights.
  package var parameterCount: Int { weightShapes.reduce(0) { $0 + $1.shape.reduce(1, *) } }
}
