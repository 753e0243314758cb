package import Foundation
internal import MLX
package import ModelFiles
package import Tokenization

// Shapes: every weight has the shape that `ModelArchitecture.weightShapes` lists for its name; values are row-major.

/// The pretrained model that a checkpoint changes, as its file names it.
package struct BaseReference: Sendable, Codable, Hashable {
  package var name: String
  /// `PretrainedModel.digest`.
  package var digest: String

  package init(_ model: PretrainedModel) { (name, digest) = (model.name, model.digest) }
}

extension ModelCheckpoint {
  private static let format = "subterfuge-checkpoint-1"
  private static let (weightPrefix, adapterPrefix) = ("weight:", "adapter:")

  /// Reads a checkpoint file, which is untrusted.
  ///
  /// - Parameter base: finds the pretrained model that the file builds upon; not asked for a seedling.
  /// - Throws: one `ModelError` that names the file and what is wrong.
  package init(
    contentsOf file: URL, base: (BaseReference) throws -> PretrainedModel = { throw $0.notAtHand }
  ) throws {
    do {
      try self.init(Safetensors(contentsOf: file), base: base)
    } catch {
      throw ModelError("The checkpoint '\(file.path)' cannot be used: \(error)")
    }
  }

  private init(_ file: Safetensors, base find: (BaseReference) throws -> PretrainedModel) throws {
    guard file.metadata["format"] == Self.format else {
      throw ModelError("it is not of the format '\(Self.format)'")
    }
    let lineage = try file.decode(Lineage.self, "lineage")
    guard file.metadata["base"] != nil else {
      try self.init(
        configuration: file.decode(SeedlingConfiguration.self, "configuration"),
        tokenizer: file.decode(WordTokenizer.self, "tokenizer"), lineage: lineage, weights: file.weights(under: ""))
      heads = try Self.heads(file, width: architecture.width)
      return
    }
    let reference = try file.decode(BaseReference.self, "base")
    let base = try find(reference)
    guard base.digest == reference.digest else {
      throw ModelError("it builds upon another '\(reference.name)' than the one at hand (their digests differ)")
    }
    try self.init(
      base: base, lineage: lineage, weights: file.weights(under: Self.weightPrefix), adapter: Self.adapter(file))
    heads = try Self.heads(file, width: architecture.width)
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
    var metadata = ["format": Self.format, "architecture": architecture.name, "lineage": try Self.json(lineage)]
    var arrays: [(String, MLXArray)]
    switch architecture {
    case .seedling(let configuration):
      metadata["configuration"] = try Self.json(configuration)
      metadata["tokenizer"] = try Self.json(tokenizer as? WordTokenizer)
      arrays = try configuration.shapes.map { name, shape in (name, try MLXArray(values(name), shape)) }
    case .transformer:
      metadata["base"] = try Self.json(base.map(BaseReference.init))
      arrays = try weights.sorted { $0.key < $1.key }.map {
        (Self.weightPrefix + $0, try MLXArray($1.values, $1.shape))
      }
    }
    if let adapter {
      metadata["adapter"] = try Self.json(AdapterSettings(rank: adapter.rank, alpha: adapter.alpha))
      arrays += try adapter.parameters().pairs.map { (Self.adapterPrefix + $0.name, $0.array) }
    }
    if !heads.isEmpty { metadata["heads"] = try Self.json(heads) }
    return try Safetensors(arrays: Parameters(arrays), metadata: metadata).encoded()
  }

  private struct AdapterSettings: Codable {
    var rank: Int
    var alpha: Float
  }

  private static func heads(_ file: Safetensors, width: Int) throws -> [String: ScalarHead] {
    guard file.metadata["heads"] != nil else { return [:] }
    let heads = try file.decode([String: ScalarHead].self, "heads")
    for (name, head) in heads where head.weight.count != width {
      throw ModelError("its head '\(name)' has \(head.weight.count) weights; the model's width is \(width)")
    }
    return heads
  }

  private static func adapter(_ file: Safetensors) throws -> Adapter? {
    guard file.metadata["adapter"] != nil else { return nil }
    let settings = try file.decode(AdapterSettings.self, "adapter")
    return try Adapter(
      rank: settings.rank, alpha: settings.alpha, parameters: file.arrays.named(under: adapterPrefix))
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// The file of the trained seedling that ships with Subterfuge.
  package static var shippedSeedling: URL { Bundle.module.bundleURL.appending(path: "Resources/seedling.safetensors") }
}

extension BaseReference {
  /// What to say when there is nowhere to look for the model.
  package var notAtHand: ModelError {
    ModelError("it builds upon the model '\(name)', which is not at hand. Run: subterfuge models fetch \(name)")
  }
}

extension Safetensors {
  fileprivate func weights(under prefix: String) throws -> [String: Weight] {
    let arrays = arrays.named(under: prefix).pairs
    return Dictionary(uniqueKeysWithValues: try arrays.map { ($0.name, try Weight($0.array)) })
  }

  fileprivate func decode<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
    guard let text = metadata[key] else { throw ModelError("its metadata lacks '\(key)'") }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw ModelError("its metadata '\(key)' cannot be read: \(error)")
    }
  }
}
