package import Foundation
import Synchronization

/// Writes event files that TensorBoard reads: a folder for each run, in it one file
/// `events.out.tfevents.<unix time>.subterfuge` of scalars.
///
/// Values are rounded to float32. Infinities and "not a number" are written as such; TensorBoard marks them.
package final class TensorBoardWriter: TelemetryWriter {
  /// The end of the names of our files; others in the folder are never touched.
  private static let suffix = ".subterfuge"

  private let folder: URL
  private let earlier: [String: [TelemetryStep]]
  private let files = Mutex<[String: AppendedFile]>([:])

  /// Writes the runs anew from the steps that the store knows, each as soon as it is appended to or at once where there
  /// are such steps, and appends from there. So a run that was killed and goes on shows no point twice.
  ///
  /// - Parameter folder: what `tensorboard --logdir` is given.
  /// - Throws: `TelemetryError`.
  package init(folder: URL, earlier: [TelemetryStep] = []) throws {
    self.folder = folder
    self.earlier = Dictionary(grouping: earlier, by: \.run)
    try files.withLock { files in
      for run in self.earlier.keys.sorted() { files[run] = try open(run) }
    }
  }

  /// - Throws: `TelemetryError`.
  package func write(run: String, step: Int, values: [String: Double]) throws {
    let record = EventRecord.scalars(TelemetryStep(run: run, step: step, values: values))
    try files.withLock { files in
      let file = try files[run] ?? open(run)
      files[run] = file
      try file.append(record)
    }
  }

  private func open(_ run: String) throws -> AppendedFile {
    guard !run.isEmpty, !run.hasPrefix("."), !run.contains("/") else {
      throw TelemetryError("“\(run)” cannot name a folder of telemetry; use letters, digits, `_`, `-` and `.` in it.")
    }
    let now = Date()
    let runFolder = folder.appending(path: run)
    let file = runFolder.appending(path: "events.out.tfevents.\(Int(now.timeIntervalSince1970))\(Self.suffix)")
    let steps = earlier[run, default: []]
    let content = EventRecord.opening(at: steps.first?.time ?? now) + Data(steps.map(EventRecord.scalars).joined())
    let opened = try AppendedFile(replacing: file, with: content)
    try removeOthers(in: runFolder, than: file)
    return opened
  }

  /// Removes the files of earlier processes, whose points the new one holds.
  private func removeOthers(in runFolder: URL, than file: URL) throws {
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: runFolder.path)
      where name.hasPrefix("events.out.tfevents.") && name.hasSuffix(Self.suffix) && name != file.lastPathComponent {
        try FileManager.default.removeItem(at: runFolder.appending(path: name))
      }
    } catch {
      throw TelemetryError(unwritable: runFolder, error)
    }
  }
}
