internal import MLX
internal import ModelFiles
internal import Tokenization

extension ModelCheckpoint {
  /// The model cut off after its first layers, to read the states there: they pass through the model's last norm, as if
  /// the model ended there.
  ///
  /// - Parameter layers: from 1 to all of them.
  /// - Throws: a `ModelError` that says how many layers there are.
  package func model(layers: Int) throws -> any CausalLanguageModel {
    guard (1...layerCount).contains(layers) else {
      throw ModelError("'\(lineage.name)' has layers 1 to \(layerCount); there is no layer \(layers).")
    }
    switch try model() {
    case let seedling as Seedling:
      var configuration = seedling.configuration
      configuration.layers = layers
      return try Seedling(configuration: configuration, parameters: seedling.parameters)
    case let transformer as Transformer:
      var configuration = transformer.configuration
      configuration.layers = layers
      return try Transformer(
        configuration, trained: transformer.parameters, frozen: transformer.frozen,
        blocks: transformer.blocks, adapter: transformer.adapter)
    case let other:
      throw ModelError("Layers of a \(type(of: other)) cannot be read.")
    }
  }

  private var layerCount: Int {
    switch architecture {
    case .seedling(let configuration): configuration.layers
    case .transformer(let configuration): configuration.layers
    }
  }
}
