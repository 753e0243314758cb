import Foundation
import Runs
import Storage

/// Makes one run of parts that worked on different sequences of one experiment, on one machine or several.
package struct RunMerge: Sendable {
  /// What was merged.
  package struct Summary: Sendable, Codable, Hashable {
    package var run: String
    package var parts: Int
    package var episodes: Int
    package var checkpoints: Int
    /// Sequences whose last stage is in the run, and all of the experiment.
    package var finishedSequences: Int
    package var sequences: Int
  }

  private let parts: [RunFolder]
  private let folder: RunFolder
  private let codeRevision: String

  /// - Parameters:
  ///   - parts: the folders of the parts, in the order in which their checkpoints are listed.
  ///   - folder: the folder of the new run, which must not exist.
  package init(_ parts: [RunFolder], into folder: RunFolder, codeRevision: String) {
    (self.parts, self.folder, self.codeRevision) = (parts, folder, codeRevision)
  }

  /// The experiment that a part works on.
  package static func experiment(of part: RunFolder) throws -> Experiment {
    try RunStore(reading: part.url).configuration()
  }

  /// Merges everything, or leaves nothing behind.
  ///
  /// - Throws: `ExperimentError` when the folder exists; a `StoreError` when the parts do not fit together; an error of a
  ///   checkpoint that is not the one that its part wrote.
  package func run() throws -> Summary {
    guard !folder.exists else {
      throw ExperimentError(
        "\(folder.url.path) exists already. Merge into another folder of runs with --runs, or rename that run.")
    }
    let work = RunFolder(
      folder.url.deletingLastPathComponent().appending(path: ".merging-\(folder.url.lastPathComponent)"))
    try? FileManager.default.removeItem(at: work.url)
    do {
      let summary = try merge(in: work)
      try FileManager.default.moveItem(at: work.url, to: folder.url)
      return summary
    } catch {
      try? FileManager.default.removeItem(at: work.url)
      throw error
    }
  }

  private func merge(in work: RunFolder) throws -> Summary {
    let experiment = try Self.experiment(of: parts[0])
    let session = try RunSession(
      experiment, in: work, chatFormat: experiment.sampling.chatFormat, codeRevision: codeRevision, checking: { _ in })
    for part in parts {
      try session.store.merge(part.url, as: Experiment.self)
      try addFiles(of: part, to: work)
    }
    let checkpoints = try session.store.checkpoints()
    for checkpoint in checkpoints where checkpoint.path != nil { _ = try session.checkpoints.read(checkpoint.name) }
    // The curves' files are written from the store.
    _ = try RunTelemetry(folder: work, store: session.store)
    let names = Set(checkpoints.map(\.name))
    let branches = experiment.branches
    return Summary(
      run: experiment.name, parts: parts.count, episodes: try session.store.count(EpisodeQuery()),
      checkpoints: checkpoints.count,
      finishedSequences: branches.count { branch in
        experiment.condition(branch.condition).map {
          names.contains(experiment.finalCheckpoint(of: $0, replicate: branch.replicate))
        } ?? false
      }, sequences: branches.count)
  }

  /// Copies what an earlier part did not have: weights, trainings that are under way, and the log.
  private func addFiles(of part: RunFolder, to work: RunFolder) throws {
    let files = FileManager.default
    do {
      for file in try files.contentsOfDirectory(at: part.checkpoints, includingPropertiesForKeys: nil) {
        let copy = work.checkpoints.appending(path: file.lastPathComponent)
        if !files.fileExists(atPath: copy.path) { try files.copyItem(at: file, to: copy) }
      }
      guard files.fileExists(atPath: part.log.path) else { return }
      if !files.fileExists(atPath: work.log.path) { _ = files.createFile(atPath: work.log.path, contents: nil) }
      let log = try FileHandle(forWritingTo: work.log)
      defer { try? log.close() }
      try log.seekToEnd()
      try log.write(contentsOf: Data("-- \(part.url.path)\n".utf8) + Data(contentsOf: part.log))
    } catch {
      throw ExperimentError(
        "The files of \(part.url.path) cannot be copied to \(work.url.path): \(error.localizedDescription)")
    }
  }
}
