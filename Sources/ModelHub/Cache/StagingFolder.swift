internal import Foundation

/// Where a model is put together. It outlives a broken fetch, so that the next one goes on; finished files have their
/// names, everything else lies in `.state`.
struct StagingFolder: Sendable {
  let url: URL

  /// Opens the folder for one version of a model. What was begun for another version is deleted.
  init(_ url: URL, revision: String) throws {
    self.url = url
    let marker = url.appending(path: ".state/revision")
    if let begun = try? String(contentsOf: marker, encoding: .utf8), begun == revision { return }
    try DiskSpace.inWords(at: url) {
      try? FileManager.default.removeItem(at: url)
      try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
      try Data(revision.utf8).write(to: marker, options: .atomic)
    }
  }

  /// Unfinished files and bookkeeping.
  private var state: URL { url.appending(path: ".state", directoryHint: .isDirectory) }

  /// A file in its place; it is there only when it is whole and checked.
  func finished(_ path: String) -> URL { url.appending(path: path) }

  /// The same file while it grows.
  func unfinished(_ path: String) -> URL {
    state.appending(path: path.replacingOccurrences(of: "/", with: "%2F") + ".part")
  }

  /// An empty folder for downloads of other programs.
  func emptyFolder(_ name: String) throws -> URL {
    let folder = state.appending(path: name, directoryHint: .isDirectory)
    try DiskSpace.inWords(at: url) {
      try? FileManager.default.removeItem(at: folder)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    return folder
  }

  /// The bytes that are here already.
  var bytes: Int64 { FileSize.ofFolder(url) }

  /// Gives a file that was checked its name.
  func finish(_ path: String) throws {
    try DiskSpace.inWords(at: url) {
      let target = finished(path)
      try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.moveItem(at: unfinished(path), to: target)
    }
  }

  /// Turns the folder into the model's folder in one step.
  func publish(_ manifest: ModelManifest, at folder: URL) throws {
    try DiskSpace.inWords(at: url) {
      try FileManager.default.removeItem(at: state)
      try manifest.write(in: url)
      // Only a damaged model can lie there: a sound one is never fetched again.
      try? FileManager.default.removeItem(at: folder)
      try FileManager.default.moveItem(at: url, to: folder)
    }
  }

  /// What the manifest says about finished files.
  func describe(_ paths: [String], on event: @Sendable (FetchEvent) -> Void) throws -> [ModelManifest.File] {
    try paths.map { path in
      event(.checking(file: path))
      let file = finished(path)
      return .init(path: path, bytes: FileSize.of(file) ?? 0, sha256: try Checksum.sha256(of: file))
    }
  }
}
