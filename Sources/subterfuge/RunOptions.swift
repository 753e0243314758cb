import ArgumentParser
import Experiments
import Foundation

/// Options that say which run is meant.
struct RunOptions: ParsableArguments {
  @Option(help: "The folder that holds the runs; SUBTERFUGE_RUNS names another default.")
  var runs = ProcessInfo.processInfo.environment["SUBTERFUGE_RUNS"] ?? "runs"

  /// The folder of a run.
  ///
  /// - Throws: `ExperimentError` when the name cannot name a folder inside the folder of runs.
  func folder(_ name: String) throws -> RunFolder { try RunFolder(named: name, in: URL(fileURLWithPath: runs)) }
}
