internal import Foundation
package import LanguageModels
package import ModelFiles
internal import ModelHub
internal import Policies
internal import Synchronization
internal import Tokenization

/// Finds models by the names that users give: `seedling`, a fetched model, or a path.
package final class ModelCatalogue: Sendable {
  private let cache = ModelCache()
  /// The pretrained model that was loaded last: its files are mapped, its tokenizer takes a second to build.
  private let loaded = Mutex<PretrainedModel?>(nil)

  private let chatFormat: ChatFormat.Family?

  /// - Parameter chatFormat: the chat format that pretrained models are to write in, by name; empty for their own.
  /// - Throws: an `ExperimentError` when there is no such format.
  package init(chatFormat: String = "") throws {
    self.chatFormat = ChatFormat.Family(rawValue: chatFormat)
    guard chatFormat.isEmpty || self.chatFormat != nil else {
      throw ExperimentError("There is no chat format '\(chatFormat)'. There are: \(ChatFormat.Family.names).")
    }
  }

  /// The policy of this name: `seedling`, the path of a checkpoint or of a peft adapter's folder, or a pretrained model as
  /// it was fetched.
  ///
  /// - Throws: an error that says what is wrong with the file, or that there is no such model.
  package func checkpoint(named name: String) throws -> ModelCheckpoint {
    if name == "seedling" { return try SeedlingModel.shipped() }
    if RemoteModel.parse(name) != nil {
      throw ExperimentError(
        "'\(name)' is a model behind an API: it has no weights here, so it can be measured ('subterfuge evaluate') and nothing "
          + "else.")
    }
    let file = URL(fileURLWithPath: name)
    if name.hasSuffix(".safetensors"), FileManager.default.fileExists(atPath: file.path) {
      return try ModelCheckpoint(contentsOf: file, base: base)
    }
    if let base = try Adapter.base(peft: file) {
      return try ModelCheckpoint(
        base: pretrained(named: base), lineage: Lineage(name: name), adapter: Adapter(peft: file))
    }
    return try ModelCheckpoint(base: pretrained(named: name), lineage: Lineage(name: name))
  }

  /// The model that a checkpoint builds upon.
  package func base(_ reference: BaseReference) throws -> PretrainedModel { try pretrained(named: reference.name) }

  private func pretrained(named name: String) throws -> PretrainedModel {
    if let model = loaded.withLock({ $0?.name == name ? $0 : nil }) { return model }
    let model = try PretrainedModel.load(
      from: try place(of: name), name: name, chatFormat: chatFormat, sha256: \.sha256)
    loaded.withLock { $0 = model }
    return model
  }

  /// A fetched model's file or folder, or the path that the name is.
  private func place(of name: String) throws -> URL {
    if let fetched = try cache.named(name) { return fetched }
    if FileManager.default.fileExists(atPath: name) { return URL(fileURLWithPath: name) }
    throw ExperimentError(
      "The model '\(name)' does not exist. A model is 'seedling', a path or the name of a fetched model. "
        + "'subterfuge models list' shows what there is; 'subterfuge models fetch \(name)' may bring it.")
  }
}
