import ArgumentParser
import Experiments
import Foundation

struct RunsMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Merge parts that trained different sequences into one run.",
    discussion: """
      Parts are run folders of one experiment, each made with `run --only` in a folder of runs of its own. Their settings, \
      seed and name must be equal, and so must what they share; digests of all checkpoints are checked. The parts stay. \
      `run` on the merged run does what is left and writes the report.

      Example:
        subterfuge run quickstart --only start --runs part1
        cp -r part1 part2
        subterfuge run quickstart --only exploit_only --runs part1
        subterfuge run quickstart --only benign --runs part2
        subterfuge runs merge part1/quickstart part2/quickstart --runs merged
      """)

  @Argument(help: ArgumentHelp("The folders of two or more parts.", valueName: "part"))
  var parts: [String]

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard parts.count > 1 else { throw ValidationError("Name the folders of two or more parts.") }
  }

  func run() throws {
    let folders = parts.map { RunFolder(URL(filePath: $0)) }
    let folder = try options.folder(RunMerge.experiment(of: folders[0]).name)
    let summary = try RunMerge(folders, into: folder, codeRevision: Version.current.revision).run()
    if json { return try Console.json(summary) }
    Console.print(
      """
      Merged \(summary.parts) parts into \(folder.url.path): \(PlanText.grouped(summary.episodes)) episodes, \
      \(summary.checkpoints) checkpoints. \(summary.finishedSequences) of \(summary.sequences) sequences are trained; \
      `subterfuge run` with the same experiment does what is left and writes the report.
      """)
  }
}
