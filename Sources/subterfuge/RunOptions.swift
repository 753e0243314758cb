import ArgumentParser
import Experiments
import Foundation
import Runs
import Storage

/// Options that say which run is meant.
struct RunOptions: ParsableArguments {
  @Option(help: "The folder that holds the runs; SUBTERFUGE_RUNS names another default.")
  var runs = ProcessInfo.processInfo.environment["SUBTERFUGE_RUNS"] ?? "runs"

  /// The folder of a run.
  ///
  /// - Throws: `ExperimentError` when the name cannot name a folder inside the folder of runs.
  func folder(_ name: String) throws -> RunFolder { try RunFolder(named: name, in: URL(fileURLWithPath: runs)) }

  /// The folder and the settings of a run. One that was not named has the command's usual name, with a number behind it while
  /// the run of that name has other settings; so the same command goes on with its own run, and another one never fails on it.
  func place<Settings: RunConfiguration>(
    _ name: String?, usually usual: String, _ settings: (_ name: String) throws -> Settings
  ) throws -> (folder: RunFolder, settings: Settings) {
    var number = 1
    while true {
      let tried = name ?? (number == 1 ? usual : "\(usual)-\(number)")
      let (folder, settings) = (try folder(tried), try settings(tried))
      if try name != nil || !folder.exists || !RunStore.holdsOther(settings, in: folder.url) {
        return (folder, settings)
      }
      number += 1
    }
  }
}
