internal import Tokenization

extension FileWeights {
  /// The weights of a Hugging Face folder. Names are searched behind each of the prefixes that classes of `transformers`
  /// put before those of a language model.
  ///
  /// - Throws: a `ModelError` when one is missing, is of another shape or form, or there is one that the architecture
  ///   does not have.
  package init(_ configuration: TransformerConfiguration, safetensors folder: SafetensorsFolder, name: String) throws {
    let prefix = try Self.prefix(in: folder, name: name)
    let addition: Float = configuration.family == .gemma3 ? 1 : 0
    try self.init(configuration, source: name) { weight in
      let fused = FusedWeight(weight, of: configuration)
      let stored = Self.storedName(of: fused.map { $0.name(of: weight) } ?? weight, prefix: prefix)
      guard let place = folder.places[stored], let tensor = try folder.files[place].tensor(stored) else { return nil }
      let isNorm = weight.hasSuffix("norm.weight")
      let part = try fused?.part(of: tensor, named: stored, source: name) ?? tensor
      let entry = Entry(tensor: part, file: folder.files[place].data, addition: isNorm ? addition : 0)
      return (entry, stored)
    }
    try Self.checkNothingElse(configuration, in: folder, prefix: prefix, name: name)
  }

  /// What stands where `weightShapes` says `model.`: of text models, of Gemma 3 with images before and since
  /// transformers 5, and of models saved without their head.
  private static let prefixes = ["model.", "language_model.model.", "model.language_model.", ""]

  private static func prefix(in folder: SafetensorsFolder, name: String) throws -> String {
    guard let prefix = prefixes.first(where: { folder.places[$0 + "embed_tokens.weight"] != nil }) else {
      throw ModelError("'\(name)' has no weight 'model.embed_tokens.weight'; it does not hold a language model.")
    }
    return prefix
  }

  private static func storedName(of weight: String, prefix: String) -> String {
    let usual = "model."
    if weight.hasPrefix(usual) { return prefix + weight.dropFirst(usual.count) }
    return (prefix == "language_model.model." ? "language_model." : "") + weight
  }

  /// A weight that the architecture does not have would change what the model computes (a bias, an adapter).
  private static func checkNothingElse(
    _ configuration: TransformerConfiguration, in folder: SafetensorsFolder, prefix: String, name: String
  ) throws {
    let names = configuration.weightShapes.map { weight in
      FusedWeight(weight.name, of: configuration).map { $0.name(of: weight.name) } ?? weight.name
    }
    let known = Set(names.map { storedName(of: $0, prefix: prefix) })
    let layers = prefix + "layers."
    for stored in folder.places.keys.sorted() where stored.hasPrefix(layers) && !known.contains(stored) {
      // Old files of Llama hold the rotary frequencies too.
      guard stored.hasSuffix("rotary_emb.inv_freq") else {
        throw ModelError(
          "'\(name)' has a weight '\(stored)', which \(configuration.family.rawValue) models do not have.")
      }
    }
  }
}
