import Episodes
import Foundation
import LanguageModels
import Policies
import Runs
import Storage
import Synchronization
import Tokenization
import Training

/// The checkpoints of a run: files that are written whole or not at all, with their digests in the store.
final class CheckpointStore: Sendable {
  /// The name of the checkpoint that the curriculum starts from.
  static let start = "start"
  /// The name of the model as it was before the warm start, where there is one.
  static let pretrained = "pretrained"
  /// The name of the preference model that the run trains.
  static let preference = "preference"
  /// Names that no condition can have.
  static let reserved: Set = [start, pretrained, preference]

  private let folder: RunFolder
  let store: RunStore
  let catalogue: ModelCatalogue
  /// The start's tokenizer, which is that of every checkpoint of a run.
  private let known = Mutex<(any Tokenizer)?>(nil)

  init(folder: RunFolder, store: RunStore, catalogue: ModelCatalogue) {
    self.folder = folder
    self.store = store
    self.catalogue = catalogue
  }

  /// Copies a policy into the run's folder under a name, once.
  func install(_ policy: String, as name: String) throws {
    if try store.checkpoint(name) != nil { return }
    try record(try catalogue.checkpoint(named: policy), as: name, parent: nil)
  }

  /// Copies the policy of an evaluation into the run's folder under the name that its own lineage gives it, once.
  ///
  /// - Returns: the name, which says of a checkpoint of another run what it was there.
  func installUnderOwnName(_ policy: String) throws -> String {
    if let known = try store.checkpoints().first { return known.name }
    let checkpoint = try catalogue.checkpoint(named: policy)
    let name = checkpoint.lineage.checkpointName
    try record(checkpoint, as: name, parent: nil)
    return name
  }

  /// Records a model behind an API, which has no weights here, once.
  ///
  /// - Returns: the name that the model's own name gives it.
  func recordRemote(_ model: String) throws -> String {
    if let known = try store.checkpoints().first { return known.name }
    let name = Lineage(name: model).checkpointName
    try store.record(CheckpointRecord(name: name))
    return name
  }

  /// Writes a checkpoint and records it under a name.
  func record(_ checkpoint: ModelCheckpoint, as name: String, parent: String?) throws {
    let file = folder.checkpoint(name)
    let digest = try checkpoint.write(to: file)
    try store.record(
      CheckpointRecord(name: name, parent: parent, path: "checkpoints/" + file.lastPathComponent, digest: digest))
  }

  /// Gives a checkpoint a second name.
  func alias(_ name: String, as other: String) throws {
    guard try store.checkpoint(other) == nil, let known = try store.checkpoint(name) else { return }
    try store.record(CheckpointRecord(name: other, parent: known.name, path: known.path, digest: known.digest))
  }

  /// Reads a checkpoint and checks that it is the one that was stored.
  func read(_ name: String) throws -> ModelCheckpoint {
    guard let known = try store.checkpoint(name) else {
      throw ExperimentError("The run has no checkpoint '\(name)'.")
    }
    let file = try store.checkpointFile(name)
    let checkpoint = try ModelCheckpoint(contentsOf: file, base: catalogue.base)
    guard try checkpoint.digest() == known.digest else {
      throw ExperimentError(
        "The checkpoint \(file.path) is not the one that this run wrote (its digest differs). Put the original back, or "
          + "start a new run with --name.")
    }
    return checkpoint
  }

  /// Removes the weights of a checkpoint that nothing needs any more, and what is left of its making; its record stays.
  func discard(_ name: String) throws {
    if let file = try store.forget(checkpointFile: name) { try? FileManager.default.removeItem(at: file) }
    tidy(name)
  }

  /// Removes what is left of a checkpoint's making. It is only in the way, and harmless.
  func tidy(_ name: String) { try? FileManager.default.removeItem(at: state(of: name)) }

  /// The file of a training that is under way.
  func state(of name: String) -> URL { folder.checkpoint(name).appendingPathExtension("state") }

  /// The tokenizer of the run's policy.
  func tokenizer() throws -> any Tokenizer {
    if let tokenizer = known.withLock({ $0 }) { return tokenizer }
    let tokenizer = try read(Self.start).tokenizer
    known.withLock { $0 = tokenizer }
    return tokenizer
  }

  /// A prompt as the run's policy reads it.
  func render(_ prompt: Prompt) throws -> Segment { try Segment(prompt, tokenizer: tokenizer()) }
}

extension Lineage {
  /// The name without what cannot stand in a checkpoint's name: of a path its last part, of a checkpoint
  /// `condition/stage` both. It comes from a file that anybody may have written.
  var checkpointName: String {
    let parts = name.split(separator: "/").map { part in
      String(part.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }.prefix(64))
    }
    let kept = parts.filter { !$0.allSatisfy { $0 == "." } }
    let isPath = name.hasPrefix("/") || name.hasPrefix(".") || kept.count > 2
    return kept.suffix(isPath ? 1 : 2).joined(separator: "/").nonEmpty ?? "policy"
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
