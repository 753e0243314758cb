import Environments
import Episodes
import Experiments
import Foundation
import Interop
import Reporting
import Storage

/// The results of a run, as far as it has got: the report page, the tables, or JSON.
struct RunReport {
  private let folder: RunFolder
  private let store: RunStore
  private let data: ReportData

  /// Reads the run in a folder.
  init(_ folder: RunFolder) throws {
    self.folder = folder
    store = try RunStore(reading: folder.url)
    data = try ReportData(store, subject: try store.outline())
  }

  /// Prints what a run came to, or everything as JSON.
  func show(json: Bool) throws { Console.print(json ? try data.json() : data.terminalText) }

  /// Prints what a run came to, or throws an error that says why nothing was measured.
  func showIfMeasured(json: Bool) throws {
    let failed = data.failed
    guard failed.attempted > 0, failed.failed == failed.attempted, let first = failed.lines.first else {
      return try show(json: json)
    }
    throw ExperimentError(
      "Nothing was measured: all \(failed.attempted) episodes failed. The first, episode \(first.episode), failed at the "
        + "\(first.boundary): \(first.message) Read it with: subterfuge show \(data.provenance.run) \(first.episode)")
  }

  /// Prints the rates of every checkpoint, or everything as JSON.
  func showMatrix(json: Bool) throws { Console.print(json ? try data.json() : data.matrixText) }

  /// Prints the log-odds of fixed texts, or their tables as JSON.
  func showPropensity(json: Bool) throws {
    Console.print(json ? try ReportJSON.text(data.propensity) : data.propensityText)
  }

  /// Writes the figures and their numbers into a folder.
  func writeFigures(in folder: URL) throws -> FigureFiles.Summary { try FigureFiles(in: folder).write(data) }

  /// Writes the page into the run's folder, and the pages of its episodes beside it.
  func writePage(quiet: Bool = false) throws {
    let pages = try EpisodePages(data, of: store).write(beside: folder.url)
    try Data(data.html.utf8).write(to: folder.report, options: .atomic)
    if quiet { return }
    Console.error("The report: \(folder.report.path)")
    if pages.episodes > 0 {
      Console.error(
        "Its \(pages.episodes) episodes, \(pages.files) pages: \(folder.url.appending(path: EpisodeFile.folder).path)")
    }
  }
}

extension Experiment {
  /// Throws an `ExperimentError` when a condition names one of the paper's that there is not.
  func checkPaperConditions() throws {
    for condition in conditions where !condition.paper.isEmpty && PaperFigure.conditions[condition.paper] == nil {
      let known = PaperFigure.conditions.keys.sorted().joined(separator: ", ")
      throw ExperimentError(
        "The condition '\(condition.name)' rebuilds '\(condition.paper)', which is not a condition of the paper. There are: \(known)."
      )
    }
  }
}
