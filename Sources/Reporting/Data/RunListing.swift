package import Foundation
import Runs
package import Storage

/// What a list of runs says of one run.
package struct RunListing: Sendable, Encodable, Hashable {
  package var name: String
  /// The kind, or `unreadable` with the reason.
  package var kind: String
  package var started: String
  /// `nil` while there is work left.
  package var finished: String?
  package var episodes: Int?
  /// Of all files in the run's folder.
  package var bytes: Int
  package var code: String

  /// Reads a run; `nil` for a folder that holds no run.
  ///
  /// - Parameter open: opens the run's store.
  package init?(_ folder: URL, open: (URL) throws -> RunStore = RunStore.init(reading:)) {
    guard FileManager.default.fileExists(atPath: RunStore.file(in: folder).path) else { return nil }
    name = folder.lastPathComponent
    bytes = Self.size(of: folder)
    do {
      let store = try open(folder)
      let run = try store.run()
      kind = run.kind.rawValue
      started = Self.plain(try store.started())
      finished = try store.finished().map(Self.plain)
      episodes = try store.count(EpisodeQuery())
      code = run.codeRevision
    } catch {
      (kind, started, episodes, code) = ("unreadable: \(error.localizedDescription)", "", nil, "")
    }
  }

  /// Reads every run in a folder, by name; none before the first run has made the folder.
  ///
  /// - Throws: an error of the file system.
  package static func all(in root: URL) throws -> [RunListing] {
    try folders(in: root).compactMap { RunListing($0) }
  }

  /// The folders that hold a run, by name.
  package static func folders(in root: URL) throws -> [URL] {
    guard FileManager.default.fileExists(atPath: root.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)
      .filter { FileManager.default.fileExists(atPath: RunStore.file(in: $0).path) }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  private static func plain(_ time: String) -> String { time.replacing("T", with: " ").replacing("Z", with: "") }

  private static func size(of folder: URL) -> Int {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
    return
      (files?.compactMap { ($0 as? URL).flatMap { try? $0.resourceValues(forKeys: [.fileSizeKey]).fileSize } } ?? [])
      .reduce(0, +)
  }
}
