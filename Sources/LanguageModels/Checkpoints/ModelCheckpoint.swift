package import Foundation
package import MLX
package import Tokenization

// Shapes: every weight has the shape that `SeedlingConfiguration.shapes` lists for its name; values are row-major.

/// Where a checkpoint comes from.
package struct Lineage: Sendable, Codable, Hashable {
  /// What it is called, for example `seedling` or `flattery`.
  package var name: String
  /// The digest of the checkpoint that training started from; `nil` when it started from random weights.
  package var parent: String?
  /// How it was made: recipe, seeds and figures, by name.
  package var notes: [String: String]

  package init(name: String, parent: String? = nil, notes: [String: String] = [:]) {
    self.name = name
    self.parent = parent
    self.notes = notes
  }
}

/// A seedling's weights with everything needed to use them: configuration, tokenizer and lineage. A plain value that may
/// cross tasks; on disk, one safetensors file.
package struct ModelCheckpoint: Sendable {
  /// One parameter, row-major.
  package struct Weight: Sendable, Hashable {
    package let shape: [Int]
    package let values: [Float]

    package init(shape: [Int], values: [Float]) {
      self.shape = shape
      self.values = values
    }
  }

  package let configuration: SeedlingConfiguration
  package let tokenizer: WordTokenizer
  package var lineage: Lineage
  package let weights: [String: Weight]

  /// A checkpoint of these parts; throws when they do not fit together.
  package init(
    configuration: SeedlingConfiguration, tokenizer: WordTokenizer, lineage: Lineage, weights: [String: Weight]
  ) throws {
    try configuration.validate()
    guard tokenizer.vocabularySize == configuration.vocabulary else {
      throw ModelError(
        "The tokenizer has \(tokenizer.vocabularySize) tokens, the model \(configuration.vocabulary).")
    }
    for (name, shape) in configuration.shapes {
      guard let weight = weights[name], weight.shape == shape, weight.values.count == shape.reduce(1, *) else {
        throw ModelError("Parameter '\(name)' is missing or does not have shape \(shape).")
      }
      guard weight.values.allSatisfy(\.isFinite) else {
        throw ModelError("Parameter '\(name)' holds a number that is not finite.")
      }
    }
    self.configuration = configuration
    self.tokenizer = tokenizer
    self.lineage = lineage
    self.weights = weights
  }

  /// The present weights of a model in training.
  package init(_ model: Seedling, tokenizer: WordTokenizer, lineage: Lineage) throws {
    try eval(model.parameters.arrays)
    let weights = try model.parameters.pairs.map { name, array in
      (name, Weight(shape: array.shape, values: try array.asArray(Float.self)))
    }
    try self.init(
      configuration: model.configuration, tokenizer: tokenizer, lineage: lineage,
      weights: Dictionary(uniqueKeysWithValues: weights))
  }

  /// A model with these weights, to train or to compute log-probabilities with.
  package func model() throws -> Seedling {
    try Seedling(configuration: configuration, parameters: parameters())
  }

  private func parameters() throws -> Parameters {
    try Parameters(
      configuration.shapes.map { name, shape in (name, try MLXArray(weights[name]?.values ?? [], shape)) })
  }
}

// MARK: - Files

extension ModelCheckpoint {
  private static let format = "subterfuge-checkpoint-1"

  /// Reads a checkpoint file, which is untrusted. Throws one `ModelError` that names the file and what is wrong.
  package init(contentsOf file: URL) throws {
    do {
      try self.init(Safetensors(contentsOf: file))
    } catch {
      throw ModelError("The checkpoint '\(file.path)' cannot be used: \(error)")
    }
  }

  private init(_ file: Safetensors) throws {
    guard file.metadata["format"] == Self.format else {
      throw ModelError("it is not of the format '\(Self.format)'")
    }
    let weights = try file.arrays.pairs.map { name, array in
      (name, Weight(shape: array.shape, values: try array.asArray(Float.self)))
    }
    try self.init(
      configuration: file.decode(SeedlingConfiguration.self, "configuration"),
      tokenizer: file.decode(WordTokenizer.self, "tokenizer"), lineage: file.decode(Lineage.self, "lineage"),
      weights: Dictionary(uniqueKeysWithValues: weights))
  }

  /// Writes the checkpoint so that the file is either whole or not there: to a temporary name, synced, renamed.
  ///
  /// - Returns: the SHA-256 of the file in hexadecimal. Equal checkpoints have equal digests.
  package func write(to file: URL) throws -> String {
    let data = try encoded()
    try data.writeDurably(to: file)
    return data.sha256
  }

  /// The digest that `write` returns, without writing.
  package func digest() throws -> String { try encoded().sha256 }

  private func encoded() throws -> Data {
    let metadata = [
      "format": Self.format, "architecture": "seedling", "configuration": try Self.json(configuration),
      "tokenizer": try Self.json(tokenizer), "lineage": try Self.json(lineage),
    ]
    return try Safetensors(arrays: parameters(), metadata: metadata).encoded()
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension Safetensors {
  fileprivate func decode<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
    guard let text = metadata[key] else { throw ModelError("its metadata lacks '\(key)'") }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw ModelError("its metadata '\(key)' cannot be read: \(error)")
    }
  }
}

extension ModelCheckpoint {
  /// The file of the trained seedling that ships with Subterfuge.
  package static var shippedSeedling: URL { Bundle.module.bundleURL.appending(path: "Resources/seedling.safetensors") }
}
