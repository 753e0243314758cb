package import Foundation

/// Where a run keeps its files: `runs/<name>/`.
package struct RunFolder: Sendable {
  package let url: URL

  package init(_ url: URL) { self.url = url }

  /// The folder of a run that is started or continued under a name.
  ///
  /// - Throws: an `ExperimentError` when the name cannot name a folder inside `runs`.
  package init(named name: String, in runs: URL) throws {
    if let problem = name.problemAsRunName { throw ExperimentError(problem) }
    self.init(runs.appending(path: name))
  }

  package var report: URL { url.appending(path: "report.html") }
  package var checkpoints: URL { url.appending(path: "checkpoints") }
  /// What the processes that worked on the run reported, with times.
  package var log: URL { url.appending(path: "log.txt") }
  package var telemetry: URL { url.appending(path: "telemetry") }

  /// Whether there is such a folder, with a run in it or not.
  /// Whether there is anything in its place.
  package var exists: Bool { FileManager.default.fileExists(atPath: url.path) }

  package func checkpoint(_ name: String) -> URL {
    checkpoints.appending(path: Self.fileName(ofCheckpoint: name))
  }

  /// The name of a checkpoint's file. Names that differ in `/` and `_` alone share one, which validation refuses.
  static func fileName(ofCheckpoint name: String) -> String { name.replacing("/", with: "_") + ".safetensors" }

  /// Makes the folder and its parents.
  package func create() throws {
    do {
      try FileManager.default.createDirectory(at: checkpoints, withIntermediateDirectories: true)
    } catch {
      throw ExperimentError(
        "Cannot create the run folder \(url.path): \(error.localizedDescription) Choose another with --runs.")
    }
  }
}

extension String {
  /// Why this cannot be a run's name; `nil` when it can.
  var problemAsRunName: String? {
    if !isPlainName {
      return "The name '\(self)' must be made of letters, digits, '-', '_' and '.', for it names a folder."
    }
    return utf8.count <= 100
      ? nil : "The name '\(prefix(20))…' has \(utf8.count) letters; a run's name has at most 100."
  }

  /// Whether this can name a file.
  var isPlainName: Bool {
    !isEmpty && !hasPrefix(".") && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
  }
}
