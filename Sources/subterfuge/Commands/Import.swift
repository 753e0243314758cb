import ArgumentParser
import Environments
import Episodes
import Experiments
import Foundation
import Interop
import Storage

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Import logs of Inspect, trajectories of Harbor, or the paper's released samples as a run.",
    discussion: """
      Takes files, or folders of them at any depth:

      Inspect  logs as .eval or .json
      Harbor   ATIF trajectories: .json, .jsonl, and folders of trials with agent/trajectory.json and the verifier's rewards
      paper    samples as .csv or .jsonl, environments.json and prompts.json, scored by the paper's rules

      Each model is a checkpoint, each task an environment, each sample ID a variant. Scores that say yes or no become facts, \
      numbers become measures. Nothing is stored if a file cannot be read to its end. All commands then take the run by its name.

      Examples:
        subterfuge import logs/ --name theirs
        subterfuge import trials/ --name trials --at-least reward=0.5
        subterfuge import released/ --name released
      """)

  @Argument(help: "Files and folders.")
  var paths: [String]

  @Option(help: "The run's name.")
  var name: String

  @Option(
    help: """
      The environment, where names do not say it: of trajectories any name; of released samples political, flattery, \
      nudged, insubordinate or tampering.
      """
  )
  var environment: String?

  @Option(
    name: .customLong("at-least"), parsing: .singleValue,
    help: """
      SCORE=NUMBER: a fact of the score's name that holds from this number on, so that rates can be counted. Repeatable. \
      Harbor's reward has 1.
      """
  )
  var thresholds: [ScoreThreshold] = []

  @Flag(
    help:
      "Skip rows of released samples that cannot be read, and count them. Otherwise the first one ends the import."
  )
  var skipBroken = false

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let folder = try options.folder(name)
    let urls = paths.map { URL(fileURLWithPath: $0) }
    let logs = try LogFolder(urls)
    if logs.files.isEmpty { return try importReleased(urls, into: folder) }
    if let other = logs.others.first {
      let more = logs.others.count == 1 ? "" : " and \(logs.others.count - 1) more files"
      throw ValidationError(
        "\(logs.files[0].name) is a log, and \(other)\(more) are not. Import logs by themselves, and released samples too."
      )
    }
    if skipBroken {
      throw ValidationError("--skip-broken is for released samples. A log is imported whole or not at all.")
    }
    try importLogs(logs, into: folder)
  }

  private func importLogs(_ logs: LogFolder, into folder: RunFolder) throws {
    let bounds = Dictionary(thresholds.map { ($0.score, $0.number) }) { $1 }
    let summary = try LogImport(logs, name: name, environment: environment, thresholds: bounds)
      .store(in: folder.url, codeRevision: Version.current.revision, progress: show)
    if Console.isTerminal { Console.overwrite("") }
    json ? try Console.json(summary) : show(summary)
  }

  private func show(_ summary: LogImport.Summary) {
    for file in summary.files where file.format != .trajectory { show(file, name: file.name) }
    // A job of Harbor has hundreds of files with one sample each.
    let trajectories = summary.files.filter { $0.format == .trajectory }
    if var all = trajectories.first {
      for file in trajectories.dropFirst() { all.add(file) }
      show(all, name: trajectories.count == 1 ? all.name : "\(trajectories.count) trajectories")
    }
    if !summary.omittedScores.isEmpty {
      Console.print("Scores that are texts were left out: \(summary.omittedScores.joined(separator: ", "))")
    }
    Console.print(
      "\(summary.stored) episodes of \(summary.checkpoints.joined(separator: ", ")) "
        + "on \(summary.environments.joined(separator: ", "))")
    Console.print("Look at them with: subterfuge matrix \(summary.run)")
  }

  private func show(_ file: LogImport.Summary.File, name: String) {
    let parts = [
      file.status == "success" ? nil : file.status.map { "the evaluation ended with \($0)" },
      file.failed == 0 ? nil : "\(file.failed) failed",
      file.repeated == 0 ? nil : "\(file.repeated) left out that an earlier log has",
      file.invalidated == 0 ? nil : "\(file.invalidated) left out that were marked as invalid",
    ].compactMap(\.self)
    let samples = file.stored == 1 ? "1 sample" : "\(file.stored) samples"
    Console.print("\(name): \(samples)\(parts.map { ", \($0)" }.joined())")
  }

  private func show(_ stored: Int) {
    if Console.isTerminal { Console.overwrite("\(stored) samples") }
  }
}

// The paper's released files.
extension Import {
  private func importReleased(_ urls: [URL], into folder: RunFolder) throws {
    if !thresholds.isEmpty { throw ValidationError("--at-least is for logs. Released samples have the paper's rules.") }
    let released = try ReleasedFolder(urls, environment: try environment.map(Self.released))
    let records = try released.environments.map(OfficialRecord.read)
    if let records { Console.error("environments.json: \(records.count) records, all well formed") }
    guard !released.samples.isEmpty else {
      throw ValidationError(
        "There is no sample file to import; \(paths.joined(separator: ", ")) holds records or prompts only.")
    }
    let summary = try ReleasedImport(released, name: name, skipsBroken: skipBroken)
      .store(in: folder.url, codeRevision: Version.current.revision, progress: show)
    if Console.isTerminal { Console.overwrite("") }
    json ? try Console.json(summary) : show(summary)
  }

  private static func released(_ name: String) throws -> ReleasedEnvironment {
    guard let environment = ReleasedEnvironment(rawValue: name) else {
      let all = ReleasedEnvironment.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("The environment '\(name)' is not one of the release: \(all).")
    }
    return environment
  }

  private func show(_ summary: ImportSummary) {
    for file in summary.files {
      let broken = file.broken == 0 ? "" : ", \(file.broken) left out"
      Console.print(
        "\(file.name): \(file.stored) samples of \(file.environment.rawValue), arm \(file.arm.rawValue)\(broken)")
      for complaint in file.complaints { Console.print("  \(complaint)") }
    }
    Console.print("\(summary.stored) episodes of \(summary.checkpoints.joined(separator: ", "))")
    Console.print("Look at them with: subterfuge matrix \(summary.run)")
  }
}

/// The value of a score from which on a fact holds, written `SCORE=NUMBER`.
struct ScoreThreshold: ExpressibleByArgument {
  var score: String
  var number: Double

  init?(argument: String) {
    guard let place = argument.lastIndex(of: "="), place > argument.startIndex,
      let number = Double(argument[argument.index(after: place)...]), number.isFinite
    else { return nil }
    score = String(argument[..<place])
    self.number = number
  }
}
