import Foundation
import ModelHub

/// What `models show` says about a fetched model: where it lies and where it came from.
struct FetchedModelSummary {
  let model: CachedModel

  /// The model of that name in the cache; `nil` when it is no name or not there.
  init?(_ text: String) throws {
    guard let name = try? ModelName(text), let found = try ModelCache().model(name) else { return nil }
    model = found
  }

  func show(json: Bool) throws {
    let manifest = model.manifest
    if json { return try Console.json(manifest) }
    Console.print("name        \(manifest.name)")
    Console.print("source      \(manifest.source)")
    Console.print("revision    \(manifest.revision)")
    Console.print("path        \(model.entry.path)")
    Console.print("fetched     \(manifest.fetched.formatted(.iso8601))")
    if let license = manifest.license {
      let accepted = license.accepted.map { ", accepted \($0.formatted(.iso8601))" } ?? ""
      Console.print("licence     \(license.name) (\(license.terms.joined(separator: ", ")))\(accepted)")
    }
    for file in manifest.files {
      Console.print("file        \(file.path), \(file.bytes.megabytes), SHA-256 \(file.sha256)")
    }
  }
}
