package import Foundation

/// Where a run keeps its files: `runs/<name>/`.
package struct RunFolder: Sendable {
  package let url: URL

  package init(_ url: URL) { self.url = url }

  package var report: URL { url.appending(path: "report.html") }
  package var checkpoints: URL { url.appending(path: "checkpoints") }
  package var telemetry: URL { url.appending(path: "telemetry") }

  /// Whether there is such a folder, with a run in it or not.
  var exists: Bool { FileManager.default.fileExists(atPath: url.path) }

  package func checkpoint(_ name: String) -> URL {
    checkpoints.appending(path: name.replacing("/", with: "_") + ".safetensors")
  }

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
