package import Foundation
package import Tokenization

extension PretrainedModel {
  /// Reads a model: a `.gguf` file, or a folder as Hugging Face lays it out (`config.json`, `tokenizer.json`,
  /// `model.safetensors` or its shards). Nothing is loaded but the configuration and the tokenizer: weights stay in the
  /// mapped files until they are asked for.
  ///
  /// - Parameters:
  ///   - name: what the model is called.
  ///   - chatFormat: the chat format to use in place of the model's template; `nil` for the template.
  ///   - sha256: the digest of bytes in hexadecimal digits.
  /// - Throws: a `ModelError` that names the file and says what is wrong with it, also when its chat template cannot be
  ///   used and no format is chosen.
  package static func load(
    from url: URL, name: String, chatFormat: ChatFormat.Family? = nil, sha256: (Data) -> String
  ) throws -> PretrainedModel {
    let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
    let model =
      isFolder
      ? try load(ModelFolder(url), name, chatFormat, sha256)
      : try load(GGUFFile(contentsOf: url), name, chatFormat, sha256)
    let (ids, rows) = (model.tokenizer.vocabularySize, model.configuration.vocabulary)
    guard ids <= rows else {
      throw ModelError(
        "'\(url.path)' has a tokenizer of \(ids) tokens and a model of \(rows); they do not belong together.")
    }
    return model
  }

  private static func load(
    _ file: GGUFFile, _ name: String, _ chatFormat: ChatFormat.Family?, _ sha256: (Data) -> String
  ) throws -> PretrainedModel {
    let configuration = try TransformerConfiguration(gguf: file)
    let weights = try FileWeights(configuration, gguf: file)
    let tokenizer = try naming(file.name) {
      try BytePairTokenizer(gguf: file.tokenizerData(), chatFormat: chatFormat)
    }
    return PretrainedModel(
      name: name, configuration: configuration, tokenizer: tokenizer, weights: weights, digest: digest(of: file, sha256)
    )
  }

  /// Of a model in parts, the digest of the parts' digests, a line each.
  private static func digest(of file: GGUFFile, _ sha256: (Data) -> String) -> String {
    guard file.parts.count > 1 else { return sha256(file.data) }
    return sha256(Data(file.parts.map { sha256($0) + "\n" }.joined().utf8))
  }

  private static func load(
    _ folder: ModelFolder, _ name: String, _ chatFormat: ChatFormat.Family?, _ sha256: (Data) -> String
  ) throws -> PretrainedModel {
    let configuration = try TransformerConfiguration(
      huggingFace: folder.require("config.json"), source: folder.url.appendingPathComponent("config.json").path)
    let weights = try FileWeights(configuration, safetensors: folder.weights, name: folder.url.path)
    let json = try folder.require("tokenizer.json")
    let tokenizer = try naming(folder.url.path) {
      try BytePairTokenizer(
        json: json, configuration: folder.texts["tokenizer_config.json"],
        generation: folder.texts["generation_config.json"].map(Array.init),
        chatTemplate: folder.texts["chat_template.jinja"].map { String(decoding: $0, as: UTF8.self) },
        chatFormat: chatFormat,
        embeddings: configuration.vocabulary)
    }
    return PretrainedModel(
      name: name, configuration: configuration, tokenizer: tokenizer, weights: weights, digest: folder.digest(sha256))
  }

  /// Puts the file's name before a message that lacks it.
  private static func naming<T>(_ name: String, _ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as ModelError {
      throw error.description.contains(name) ? error : ModelError("'\(name)': \(error.description)")
    }
  }
}
