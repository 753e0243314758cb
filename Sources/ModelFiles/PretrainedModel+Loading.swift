package import Foundation
package import Tokenization

/// Where the tokenizer of a model is written down.
package enum TokenizerSource: Sendable {
  /// A GGUF file's metadata.
  case gguf(GGUFTokenizerData)
  /// The bytes of `tokenizer.json`, and of `tokenizer_config.json` where there is one.
  case huggingFace(tokenizer: Data, configuration: Data?)
}

extension PretrainedModel {
  /// Limits for files that are read whole. Gemma 3's `tokenizer.json`, the largest of the supported families, has 33 MB.
  private static let (largestConfiguration, largestTokenizer) = (16 << 20, 256 << 20)

  /// Reads a model: a `.gguf` file, or a folder as Hugging Face lays it out (`config.json`, `tokenizer.json`,
  /// `model.safetensors` or its shards). Nothing is loaded but the configuration and the tokenizer: weights stay in the
  /// mapped files until they are asked for.
  ///
  /// - Parameters:
  ///   - name: what the model is called.
  ///   - sha256: the digest of bytes in hexadecimal digits.
  ///   - tokenizer: makes the tokenizer.
  /// - Throws: a `ModelError` that names the file and says what is wrong with it.
  package static func load(
    from url: URL, name: String, sha256: (Data) -> String, tokenizer: (TokenizerSource) throws -> any Tokenizer
  ) throws -> PretrainedModel {
    let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
    let load = isFolder ? load(folder:name:sha256:tokenizer:) : load(gguf:name:sha256:tokenizer:)
    return try load(url, name, sha256, tokenizer)
  }

  private static func load(
    gguf url: URL, name: String, sha256: (Data) -> String, tokenizer: (TokenizerSource) throws -> any Tokenizer
  ) throws -> PretrainedModel {
    let file = try GGUFFile(contentsOf: url)
    let configuration = try TransformerConfiguration(gguf: file)
    return PretrainedModel(
      name: name, configuration: configuration, tokenizer: try tokenizer(.gguf(file.tokenizerData())),
      weights: try FileWeights(configuration, gguf: file), digest: sha256(file.data))
  }

  private static func load(
    folder url: URL, name: String, sha256: (Data) -> String, tokenizer: (TokenizerSource) throws -> any Tokenizer
  ) throws -> PretrainedModel {
    func read(_ file: String, limit: Int) throws -> Data {
      try UntrustedFile.mapped(url.appendingPathComponent(file), limit: limit)
    }
    let json = try read("config.json", limit: largestConfiguration)
    let source = url.appendingPathComponent("config.json").path
    let configuration = try TransformerConfiguration(huggingFace: json, source: source)
    let folder = try SafetensorsFolder(url)
    let weights = try FileWeights(configuration, safetensors: folder, name: url.path)
    let tokens = try read("tokenizer.json", limit: largestTokenizer)
    let options = url.appendingPathComponent("tokenizer_config.json")
    let hasOptions = FileManager.default.fileExists(atPath: options.path)
    let tokenConfiguration =
      hasOptions ? try read("tokenizer_config.json", limit: largestConfiguration) : nil
    let small = [("config.json", json), ("tokenizer.json", tokens)]
    let hashed =
      small + (tokenConfiguration.map { [("tokenizer_config.json", $0)] } ?? [])
      + zip(folder.urls, folder.files).map { ($0.lastPathComponent, $1.data) }
    return PretrainedModel(
      name: name, configuration: configuration,
      tokenizer: try tokenizer(.huggingFace(tokenizer: tokens, configuration: tokenConfiguration)), weights: weights,
      digest: digest(of: hashed, sha256))
  }

  /// The digest of the lines `digest  name`, as `sha256sum` writes them, ordered by name.
  private static func digest(of files: [(name: String, bytes: Data)], _ sha256: (Data) -> String) -> String {
    let lines = files.sorted { $0.name < $1.name }.map { "\(sha256($0.bytes))  \($0.name)\n" }
    return sha256(Data(lines.joined().utf8))
  }
}
