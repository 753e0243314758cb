import Foundation

/// A run that appears in its place only when it is whole.
enum NewRun {
  /// Calls `write` with a folder beside the run's, and moves it to its place.
  ///
  /// - Parameter folder: the run's folder, which must not exist.
  /// - Throws: `TableError` if the run exists or cannot be moved; what `write` throws. Nothing is left behind then.
  static func make<Summary>(in folder: URL, _ write: (URL) throws -> Summary) throws -> Summary {
    if FileManager.default.fileExists(atPath: folder.path) {
      throw TableError(file: folder.path, "a run is there already; choose another --name or remove it")
    }
    let place = folder.deletingLastPathComponent().appending(path: ".import-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let summary = try write(place)
    do { try FileManager.default.moveItem(at: place, to: folder) } catch {
      throw TableError(file: folder.path, "the run cannot be put there: \(error.localizedDescription)")
    }
    return summary
  }
}
