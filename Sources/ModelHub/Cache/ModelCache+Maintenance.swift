internal import Foundation

extension ModelCache {
  /// A file that is not as the manifest says.
  package struct Difference: Sendable, Equatable, Encodable {
    /// Relative to the model's folder.
    package var path: String
    /// What is wrong with it.
    package var problem: String
  }

  /// Computes every checksum of a model again.
  ///
  /// - Returns: What differs; empty when everything is as it was fetched.
  /// - Throws: `HubError` when the model is not here.
  package func verify(
    _ name: ModelName, on event: @Sendable (FetchEvent) -> Void = { _ in }
  ) throws -> [Difference] {
    let folder = folder(of: name)
    guard let manifest = try ModelManifest.read(in: folder) else { throw notHere(name) }
    let known = Set(manifest.files.map(\.path) + [ModelManifest.fileName])
    let present = (FileManager.default.subpaths(atPath: folder.path) ?? []).filter {
      FileSize.of(folder.appending(path: $0)) != nil
    }
    let extra = present.filter { !known.contains($0) }.sorted()
    return try manifest.files.compactMap { try difference($0, in: folder, on: event) }
      + extra.map { Difference(path: $0, problem: "was not fetched with the model") }
  }

  private func difference(
    _ file: ModelManifest.File, in folder: URL, on event: @Sendable (FetchEvent) -> Void
  ) throws -> Difference? {
    let url = folder.appending(path: file.path)
    guard let bytes = FileSize.of(url) else { return Difference(path: file.path, problem: "is missing") }
    guard bytes == file.bytes else {
      return Difference(path: file.path, problem: "is \(bytes) bytes long, not \(file.bytes)")
    }
    event(.checking(file: file.path))
    let digest = try Checksum.sha256(of: url)
    guard digest == file.sha256 else {
      return Difference(path: file.path, problem: "has the SHA-256 \(digest), not \(file.sha256)")
    }
    return nil
  }

  /// Deletes a model, and what a broken fetch of it has left.
  ///
  /// - Returns: The bytes that were freed.
  /// - Throws: `HubError` when nothing of it is here, or another process is working on it.
  package func remove(_ name: ModelName) throws -> Int64 {
    let folders = [folder(of: name), stagingFolder(of: name)].filter {
      FileManager.default.fileExists(atPath: $0.path)
    }
    guard !folders.isEmpty else { throw notHere(name) }
    guard let lock = try ModelLock.acquire(lockFile(of: name)) else {
      throw HubError("Another process is fetching \(name.text); wait until it has ended, or stop it, then remove it.")
    }
    defer { lock.release() }
    let bytes = folders.reduce(0) { $0 + FileSize.ofFolder($1) }
    for folder in folders {
      // Without its manifest it is no model any more, even if deleting stops half way.
      try? FileManager.default.removeItem(at: folder.appending(path: ModelManifest.fileName))
      try FileManager.default.removeItem(at: folder)
    }
    return bytes
  }

  private func notHere(_ name: ModelName) -> HubError {
    HubError("\(name.text) is not in \(root.path). 'subterfuge models list' shows what is.")
  }
}
