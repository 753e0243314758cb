import ArgumentParser
import Experiments
import Foundation
import Reporting

struct Figures: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the figures of a finished or running run as SVG and PNG, with their numbers as CSV.",
    discussion: """
      Every mark of a picture leads to the list of its episodes in episodes.html beside it. PNG files need the program \
      rsvg-convert (package librsvg2-bin).

      Example:
        subterfuge figures quickstart --output pictures
      """)

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var options: RunOptions

  @Option(help: "The folder for the figures (default: figures in the run's folder).")
  var output: String?

  @Flag(help: "Print JSON: the names of the figures and where they are.")
  var json = false

  func run() throws {
    let folder = try options.folder(name)
    let target = output.map { URL(filePath: $0) } ?? folder.url.appending(path: "figures")
    let written = try RunReport(folder).writeFigures(in: target)
    if json { return try Console.json(written) }
    written.figures.forEach { Console.print($0) }
    Console.error("\(written.figures.count) figures: \(written.folder)")
    if let reason = written.withoutPNG { Console.error(reason) }
  }
}
