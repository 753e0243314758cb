package import Foundation
import Storage

/// Episodes as logs of Inspect: one for each cell of the matrix, because a log is one task with one model, and because a
/// cell's variants and samples are unique, as a log's samples and epochs are.
package struct InspectExport: Sendable {
  /// What was written.
  package struct Summary: Sendable, Hashable, Codable {
    package var episodes = 0
    package var files: [String] = []
  }

  private let run: ExportedRun
  private let episodes: EpisodeStream

  package init(_ episodes: EpisodeStream, of run: ExportedRun) {
    self.run = run
    self.episodes = episodes
  }

  /// Writes the logs into a folder, which is made if it is missing.
  ///
  /// - Parameter progress: told how many episodes are written so far.
  /// - Throws: `ExportError` if the folder is not empty or cannot be written; `StoreError`; `CancellationError`. The logs
  ///   written until then are removed.
  package func write(to folder: URL, progress: (Int) -> Void = { _ in }) throws -> Summary {
    try prepare(folder)
    var summary = Summary()
    do {
      try write(to: folder, &summary, progress)
    } catch {
      for file in summary.files { try? FileManager.default.removeItem(at: folder.appending(path: file)) }
      throw error
    }
    return summary
  }

  private func write(to folder: URL, _ summary: inout Summary, _ progress: (Int) -> Void) throws {
    var log: InspectLog?
    try episodes.forEach { episode in
      if log?.context.cell != episode.cell {
        try close(&log, &summary)
        log = try InspectLog(InspectLogContext(run: run, cell: episode.cell), in: folder)
      }
      try log?.add(episode)
      summary.episodes += 1
      if summary.episodes.isMultiple(of: 256) { progress(summary.episodes) }
    }
    try close(&log, &summary)
  }

  private func close(_ log: inout InspectLog?, _ summary: inout Summary) throws {
    guard var open = log else { return }
    try open.finish()
    summary.files.append(open.context.fileName)
    log = nil
  }

  private func prepare(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      if !files.isEmpty {
        throw ExportError("The folder \(folder.path) is not empty. Remove it, or give another --output.")
      }
    } catch let error as ExportError {
      throw error
    } catch {
      throw ExportError("The folder \(folder.path) cannot be written: \(error.localizedDescription)")
    }
  }
}
