package import Foundation

/// A whole model in the cache.
package struct CachedModel: Sendable {
  package let manifest: ModelManifest
  package let folder: URL

  /// What to load: a GGUF file, or a folder with `config.json`, tokenizer and safetensors.
  package var entry: URL { manifest.entry == "." ? folder : folder.appending(path: manifest.entry) }
}
