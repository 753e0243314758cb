internal import Foundation
internal import Tokenization

/// The files of a model as Hugging Face lays them out.
struct ModelFolder {
  let url: URL
  /// The small files that are there, by name.
  let texts: [String: Data]
  let weights: SafetensorsFolder

  /// Files that are read, and how large they may be. Gemma 3's `tokenizer.json`, the largest of the supported families,
  /// has 33 MB.
  private static let limits = [
    "config.json": 16 << 20, "tokenizer.json": 256 << 20, "tokenizer_config.json": 16 << 20,
    "chat_template.jinja": 16 << 20, "generation_config.json": 1 << 20,
  ]

  init(_ url: URL) throws {
    self.url = url
    var texts: [String: Data] = [:]
    for (name, limit) in Self.limits {
      let file = url.appendingPathComponent(name)
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      texts[name] = try UntrustedFile.mapped(file, limit: limit)
    }
    self.texts = texts
    weights = try SafetensorsFolder(url)
  }

  /// The bytes of a file that must be there.
  func require(_ name: String) throws -> Data {
    guard let data = texts[name] else {
      throw ModelError("There is no file '\(url.appendingPathComponent(name).path)'.")
    }
    return data
  }

  /// The digest of the lines `digest  name`, as `sha256sum` writes them, ordered by name.
  func digest(_ sha256: (Data) -> String) -> String {
    let large = zip(weights.urls, weights.files).map { (name: $0.lastPathComponent, bytes: $1.data) }
    let files = texts.map { (name: $0.key, bytes: $0.value) } + large
    let lines = files.sorted { $0.name < $1.name }.map { "\(sha256($0.bytes))  \($0.name)\n" }
    return sha256(Data(lines.joined().utf8))
  }
}
