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
  private static let (weightPrefix, aSuffix, bSuffix) = ("weight:", ".lora_A", ".lora_B")

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
    let arrays = try file.arrays.pairs.map { name, array in
      (name, Weight(shape: array.shape, values: try array.asArray(Float.self)))
    }
    let lineage = try file.decode(Lineage.self, "lineage")
    guard file.metadata["base"] != nil else {
      try self.init(
        configuration: file.decode(SeedlingConfiguration.self, "configuration"),
        tokenizer: file.decode(WordTokenizer.self, "tokenizer"), lineage: lineage,
        weights: Dictionary(uniqueKeysWithValues: arrays))
      return
    }
    let reference = try file.decode(BaseReference.self, "base")
    let base = try find(reference)
    guard base.digest == reference.digest else {
      throw ModelError("it builds upon another '\(reference.name)' than the one at hand (their digests differ)")
    }
    let changed = arrays.filter { $0.0.hasPrefix(Self.weightPrefix) }
    try self.init(
      base: base, lineage: lineage,
      weights: Dictionary(
        uniqueKeysWithValues: changed.map { (String($0.0.dropFirst(Self.weightPrefix.count)), $0.1) }),
      adapter: Self.adapter(file, Dictionary(uniqueKeysWithValues: arrays)))
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
    var arrays: [(String, Weight)]
    switch architecture {
    case .seedling(let configuration):
      metadata["configuration"] = try Self.json(configuration)
      metadata["tokenizer"] = try Self.json(tokenizer as? WordTokenizer)
      arrays = configuration.shapes.compactMap { name, _ in weights[name].map { (name, $0) } }
    case .transformer:
      metadata["base"] = try Self.json(base.map(BaseReference.init))
      arrays = weights.map { (Self.weightPrefix + $0, $1) }
    }
    if let adapter {
      metadata["adapter"] = try Self.json(AdapterSettings(rank: adapter.rank, alpha: adapter.alpha))
      arrays += adapter.matrices.flatMap { [($0 + Self.aSuffix, $1.a), ($0 + Self.bSuffix, $1.b)] }
    }
    if base != nil { arrays.sort { $0.0 < $1.0 } }
    let parameters = Parameters(try arrays.map { ($0, try MLXArray($1.values, $1.shape)) })
    return try Safetensors(arrays: parameters, metadata: metadata).encoded()
  }

  private struct AdapterSettings: Codable {
    var rank: Int
    var alpha: Float
  }

  private static func adapter(_ file: Safetensors, _ arrays: [String: Weight]) throws -> Adapter? {
    guard file.metadata["adapter"] != nil else { return nil }
    let settings = try file.decode(AdapterSettings.self, "adapter")
    let modules = arrays.keys.filter { $0.hasSuffix(aSuffix) }.map { String($0.dropLast(aSuffix.count)) }
    let matrices = try modules.map { module in
      guard let a = arrays[module + aSuffix], let b = arrays[module + bSuffix] else {
        throw ModelError("its adapter of '\(module)' is not whole")
      }
      return (module, Adapter.Factors(a: a, b: b))
    }
    return Adapter(rank: settings.rank, alpha: settings.alpha, matrices: Dictionary(uniqueKeysWithValues: matrices))
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
  fileprivate func decode<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
    guard let text = metadata[key] else { throw ModelError("its metadata lacks '\(key)'") }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw ModelError("its metadata '\(key)' cannot be read: \(error)")
    }
  }
}
