package import Foundation
import Synchronization

/// Writes event files that TensorBoard reads: a folder for each run, in it one file
/// `events.out.tfevents.<unix time>.subterfuge` of scalars.
///
/// Values are rounded to float32. Infinities and "not a number" are written as such; TensorBoard marks them.
package final class TensorBoardWriter: TelemetryWriter {
  /// How the names of our files begin and end; others in the folder are never touched.
  private static let prefix = "events.out.tfevents."
  private static let suffix = ".subterfuge"

  private let folder: URL
  private let earlier: [String: [TelemetryStep]]
  private let files = Mutex<[String: AppendedFile]>([:])

  /// Writes the runs anew from the steps that the store knows, and appends from there. So a run that was killed and goes on
  /// shows no point twice.
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
    let old = try ours(in: runFolder)
    // A TensorBoard that watches the folder goes on with the file whose name comes next, never with a changed one.
    let number = max(Int(now.timeIntervalSince1970), (old.compactMap(Self.number).max() ?? 0) + 1)
    let steps = earlier[run, default: []]
    let opened = try AppendedFile(
      replacing: runFolder.appending(path: "\(Self.prefix)\(number)\(Self.suffix)"),
      with: EventRecord.opening(at: steps.first?.time ?? now) + Data(steps.map(EventRecord.scalars).joined()))
    try retire(old, in: runFolder)
    return opened
  }

  /// The files of earlier processes in a run's folder.
  private func ours(in runFolder: URL) throws -> [String] {
    guard FileManager.default.fileExists(atPath: runFolder.path) else { return [] }
    return try TelemetryError.naming(runFolder) { try FileManager.default.contentsOfDirectory(atPath: runFolder.path) }
      .filter { Self.number($0) != nil }
  }

  /// Empties the last file of earlier processes, whose points the new one holds, and removes those before it. A TensorBoard
  /// that has the last one open would wait for it forever if it were gone.
  private func retire(_ names: [String], in runFolder: URL) throws {
    let files = names.sorted { (Self.number($0) ?? 0) < (Self.number($1) ?? 0) }.map { runFolder.appending(path: $0) }
    try TelemetryError.naming(runFolder) {
      for file in files.dropLast() { try FileManager.default.removeItem(at: file) }
      for file in files.suffix(1) {
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.truncate(atOffset: 0)
      }
    }
  }

  /// The number in the name of a file of ours; `nil` for other files.
  private static func number(_ name: String) -> Int? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    return Int(name.dropFirst(prefix.count).dropLast(suffix.count))
  }
}
