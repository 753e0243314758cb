import Episodes
package import Foundation
import Runs
import Storage

/// Logs of other tools as a run that can be graded, labelled, compared, queried, shown and exported: one checkpoint for each
/// model, one environment for each task, one variant for each sample.
package struct LogImport: Sendable {
  /// What an import came to.
  package struct Summary: Sendable, Codable, Hashable {
    package struct File: Sendable, Codable, Hashable {
      package var name: String
      package var format: LogFile.Format
      /// Inspect's word for how the evaluation ended.
      package var status: String?
      package var stored = 0
      /// Those of `stored` that ended in an error.
      package var failed = 0
      /// Samples that are in an earlier log too.
      package var repeated = 0
      /// Samples that somebody has marked as invalid.
      package var invalidated = 0

      /// Adds the counts of another file.
      package mutating func add(_ other: File) {
        stored += other.stored
        failed += other.failed
        repeated += other.repeated
        invalidated += other.invalidated
      }
    }

    package var run: String
    package var files: [File] = []
    package var checkpoints: [String] = []
    package var environments: [String] = []
    /// Names of scores that are texts, which the store cannot keep.
    package var omittedScores: [String] = []

    package var stored: Int { files.reduce(0) { $0 + $1.stored } }
  }

  private let files: [LogFile]
  private let name: String
  private let environment: String?
  private let thresholds: [String: Double]

  /// - Parameters:
  ///   - environment: the task of trajectories that do not name one.
  ///   - thresholds: by a score's name the value from which on a fact of that name holds.
  package init(_ folder: LogFolder, name: String, environment: String? = nil, thresholds: [String: Double] = [:]) {
    files = folder.files
    self.name = name
    self.environment = environment
    self.thresholds = thresholds
  }

  /// Reads every sample into a new run. It is written beside its place and moved there when it is whole.
  ///
  /// - Parameters:
  ///   - folder: the run's folder, which must not exist.
  ///   - progress: told how many samples are stored so far.
  /// - Throws: `TableError` for what is wrong with a file; `StoreError`.
  package func store(in folder: URL, codeRevision: String, progress: (Int) -> Void = { _ in }) throws -> Summary {
    try NewRun.make(in: folder) { place in
      let empty = ImportedRun(name: name, logs: [], columns: [])
      let store = try RunStore(in: place, configuration: empty, codeRevision: codeRevision)
      var writer = LogWriter(store)
      // Nothing may be written any more when the folder is removed after an error.
      defer { writer.stop() }
      var summary = Summary(run: name)
      var omitted: Set<String> = []
      for file in files {
        let before = summary.stored
        summary.files.append(try read(file, &writer, &omitted) { progress(before + $0) })
      }
      if summary.stored == 0 {
        throw TableError(file: files.map(\.name).joined(separator: ", "), "there is no sample in it")
      }
      try finish(store, writer, summary)
      summary.checkpoints = writer.checkpoints
      summary.environments = writer.environments
      summary.omittedScores = omitted.sorted()
      return summary
    }
  }

  private func read(
    _ file: LogFile, _ writer: inout LogWriter, _ omitted: inout Set<String>, _ progress: (Int) -> Void
  ) throws -> Summary.File {
    var summary = Summary.File(name: file.name, format: file.format)
    let reader = LogReader(file, environment: environment, thresholds: thresholds)
    let log = try reader.forEach {
      writer.begin($0)
    } _: { episode, place in
      guard try writer.add(episode, file: file.name, place: place) else {
        summary.repeated += 1
        return
      }
      summary.stored += 1
      if episode.result.outcome == nil { summary.failed += 1 }
      omitted.formUnion(episode.omittedScores)
      if summary.stored.isMultiple(of: 100) { progress(summary.stored) }
    }
    try writer.end()
    summary.status = log.status
    summary.invalidated = log.invalidated
    progress(summary.stored)
    return summary
  }

  private func finish(_ store: RunStore, _ writer: LogWriter, _ summary: Summary) throws {
    for (environment, names) in writer.sampleNames {
      try store.finish(StepFamily.sampleIDs[environment], result: names)
    }
    try store.replaceConfiguration(
      ImportedRun(
        name: name,
        logs: summary.files.map { .init(name: $0.name, format: $0.format, status: $0.status, episodes: $0.stored) },
        columns: writer.environments.map { environment in
          let column = writer.columns[environment] ?? LogWriter.Column()
          return .init(environment: environment, arms: column.arms, facts: column.facts)
        }))
    try store.finish()
  }
}
