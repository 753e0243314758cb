import Foundation
import Synchronization

@testable import ModelHub

/// An empty cache for one test; removed when the test ends.
final class Scratch: Sendable {
  let folder: URL
  let cache: ModelCache
  private let seen = Mutex<[FetchEvent]>([])

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "subterfuge-hub-\(UUID().uuidString)")
    cache = ModelCache(root: folder.appending(path: "models", directoryHint: .isDirectory))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// What the fetches have told.
  var events: [FetchEvent] { seen.withLock { $0 } }

  /// Fetches a repository of a test server.
  @discardableResult
  func fetch(
    _ text: String = "test/tiny", from server: HubServer, token: String? = nil, attempts: Int = 3,
    silence: Double = 10, availableBytes: Int64? = nil, environment more: [String: String] = [:]
  ) async throws -> CachedModel {
    var environment = ["HF_ENDPOINT": server.endpoint].merging(more) { $1 }
    environment["HF_TOKEN"] = token
    let fetcher = ModelFetcher(
      cache: cache, environment: environment, catalogue: [],
      pace: .init(silence: silence, firstDelay: 0.01, attempts: attempts), availableBytes: { _ in availableBytes })
    return try await fetcher.fetch(ModelName(text)) { event in self.seen.withLock { $0.append(event) } }
  }

  /// The unfinished weights of `test/tiny`.
  var unfinishedWeights: URL {
    cache.root.appending(path: ".partial/test--tiny/.state/model.safetensors.part")
  }
}

/// Waits until something is so, for at most twenty seconds.
func eventually(_ condition: () -> Bool) async throws -> Bool {
  for _ in 0..<400 {
    if condition() { return true }
    try await Task.sleep(for: .milliseconds(50))
  }
  return condition()
}

/// The sentence of the error that `work` throws.
func complaint(_ work: () async throws -> Void) async -> String {
  do {
    try await work()
    return "nothing was thrown"
  } catch { return String(describing: error) }
}
