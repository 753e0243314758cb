import Episodes
package import Foundation
import Storage

/// Samples of the release as a run that `matrix`, `report`, `show` and `compare` read: re-scored by the paper's rules, one
/// checkpoint for each model, one variant for each prompt.
package struct ReleasedImport: Sendable {
  private let released: ReleasedFolder
  private let run: ImportedRun

  /// - Parameter skipsBroken: whether to leave out rows that cannot be read, and say how many. Otherwise the first one ends
  ///   the import and nothing is stored.
  package init(_ released: ReleasedFolder, name: String, skipsBroken: Bool) {
    self.released = released
    run = ImportedRun(name: name, of: released, skipsBroken: skipsBroken)
  }

  /// Reads every sample into a new run. It is written beside its place and moved there when it is whole.
  ///
  /// - Parameters:
  ///   - folder: the run's folder, which must not exist.
  ///   - progress: told how many samples are stored so far.
  /// - Throws: `TableError` for what is wrong with a file; `StoreError`.
  package func store(in folder: URL, codeRevision: String, progress: (Int) -> Void = { _ in }) throws -> ImportSummary {
    try NewRun.make(in: folder) { try write(to: $0, codeRevision, progress) }
  }

  private func write(to place: URL, _ codeRevision: String, _ progress: (Int) -> Void) throws -> ImportSummary {
    let store = try RunStore(in: place, configuration: run, codeRevision: codeRevision)
    let numbers = try released.prompts.map(PromptNumbers.init) ?? PromptNumbers()
    var writer = SampleWriter(store, numbers)
    // Nothing may be written any more when the caller removes the folder after an error.
    defer { try? writer.finish() }
    var summary = ImportSummary(run: run.name)
    for file in released.samples {
      let before = summary.stored
      summary.files.append(try read(file, &writer) { progress(before + $0) })
    }
    try writer.finish()
    try store.finish()
    summary.checkpoints = writer.checkpoints
    return summary
  }

  private func read(_ file: ReleasedFile, _ writer: inout SampleWriter, _ progress: (Int) -> Void) throws
    -> ImportSummary.File
  {
    var summary = ImportSummary.File(name: file.name, environment: file.environment, arm: file.arm)
    var reader = try SampleReader(file)
    while let item = reader.next() {
      switch item {
      case .sample(let sample, let line):
        try writer.add(sample, of: file, line: line)
        summary.stored += 1
        if summary.stored.isMultiple(of: SampleWriter.batch) { progress(summary.stored) }
      case .broken(let error):
        if !run.skipsBroken { throw error }
        summary.leaveOut(error)
      case .stopped(let error):
        if !run.skipsBroken { throw error }
        summary.leaveOutRest(error)
      }
    }
    if summary.stored == 0 && summary.broken == 0 {
      throw TableError(file: file.name, "it holds no sample; leave it out")
    }
    try writer.flush()
    progress(summary.stored)
    return summary
  }
}
