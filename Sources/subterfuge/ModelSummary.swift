import Foundation
import LanguageModels
import ModelHub
import Tokenization

/// What `models show` says.
struct ModelSummary: Encodable {
  let architecture, dimensions: String
  let parameters, vocabulary: Int
  let lineage: Lineage
  let digest: String
  /// The pretrained model beneath and its digest; `nil` for a seedling.
  let base: BaseReference?
  let adapterRank: Int?
  /// How dialogues are written, and how that is known; `nil` for a seedling.
  let chatFormat: String?
  let fetched: FetchedModel?

  init(_ checkpoint: ModelCheckpoint, digest: String, fetched: FetchedModel?) {
    architecture = checkpoint.architecture.name
    dimensions = checkpoint.architecture.dimensions
    parameters = checkpoint.architecture.parameterCount
    vocabulary = checkpoint.architecture.vocabulary
    lineage = checkpoint.lineage
    base = checkpoint.base.map(BaseReference.init)
    adapterRank = checkpoint.adapter?.rank
    chatFormat = (checkpoint.tokenizer as? BytePairTokenizer).map { tokenizer in
      tokenizer.hasChatTemplate
        ? tokenizer.chatFormatName : "\(tokenizer.chatFormatName) (the model has no template: a base model)"
    }
    self.digest = digest
    self.fetched = fetched
  }

  var lines: [String] {
    let base = base.map { "\($0.name), SHA-256 \($0.digest)" } ?? "none: trained from random weights"
    let own: [(String, String?)] = [
      ("name", lineage.name), ("parent", lineage.parent), ("base", base), ("digest", digest),
      ("adapter", adapterRank.map { "rank \($0)" }), ("parameters", "\(parameters) (\(architecture))"),
      ("dimensions", "\(dimensions), vocabulary \(vocabulary)"), ("chat format", chatFormat),
    ]
    let notes = lineage.notes.sorted { $0.key < $1.key }.map { ($0.key, Optional($0.value)) }
    let all = own + notes + (fetched?.facts ?? []).map { ($0.0, Optional($0.1)) }
    return all.compactMap { name, value in value.map { "\(name.padded(11)) \($0)" } }
  }
}

/// Where a fetched model lies and where it came from.
struct FetchedModel: Encodable {
  private let path: String
  private let manifest: ModelManifest

  /// The model of that name in the cache; `nil` when it is no name or not there.
  init?(_ text: String) throws {
    guard let name = try? ModelName(text), let found = try ModelCache().model(name) else { return nil }
    path = found.entry.path
    manifest = found.manifest
  }

  var facts: [(String, String)] {
    let license = manifest.license.map { license in
      let accepted = license.accepted.map { ", accepted \($0.formatted(.iso8601))" } ?? ""
      return ("licence", "\(license.name) (\(license.terms.joined(separator: ", ")))\(accepted)")
    }
    return [
      ("source", manifest.source), ("revision", manifest.revision), ("path", path),
      ("fetched", manifest.fetched.formatted(.iso8601)),
    ] + (license.map { [$0] } ?? [])
      + manifest.files.map { ("file", "\($0.path), \($0.bytes.megabytes), SHA-256 \($0.sha256)") }
  }
}
