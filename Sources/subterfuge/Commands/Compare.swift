import ArgumentParser
import Episodes
import Experiments
import Foundation
import Reporting
import Statistics
import Storage

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two rates: checkpoints, environments and their arms, runs, bare counts, the paper.",
    discussion: """
      A side is RUN[:CHECKPOINT[:ENVIRONMENT[:ARM]]] or a count such as 45/32768. What is left out is matched by name on both \
      sides; the arm is the standard one. A checkpoint CONDITION.*/STAGE stands for all training sequences of a condition, and \
      counts joined by + are one for each sequence: differences between trainings are tested across sequences only. `compare paper` checks the paper's own table, and with RUN:CHECKPOINT puts yours \
      beside it (a run that is called paper is written `paper:`).

      Examples:
        subterfuge compare quickstart:start quickstart:exploit_only/insubordinate
        subterfuge compare quickstart:exploit_only/insubordinate:tampering quickstart:benign/insubordinate:tampering --output twins.svg
        subterfuge compare 'quickstart:exploit_only.*/insubordinate' 'quickstart:benign.*/insubordinate'
        subterfuge compare 4/100000 0/100000
        subterfuge compare 3/96+5/96+2/96+4/96 11/96+9/96+15/96+8/96
        subterfuge compare paper
      """)

  @Argument(help: "The first side, or paper.")
  var first: String

  @Argument(help: "The second side.")
  var second: String?

  @Option(
    name: .customLong("predicate"),
    help: "What to count, for example reward_changed. May be repeated. By default what each environment is about.")
  var predicates: [String] = []

  @Option(help: "The purpose of the episodes that are counted.")
  var purpose = "evaluation"

  @Option(
    help: """
      Where to write the figure, for example twins.svg. Next to it go twins.png, its numbers in twins.csv, the episodes \
      behind them in twins-episodes.html and the whole table in twins-table.csv.
      """)
  var output: String?

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if first != "paper" && second == nil { throw ValidationError("Name a second side to compare '\(first)' with.") }
    if first == "paper" && output != nil {
      throw ValidationError("--output is for two sides, not for the paper's table.")
    }
  }

  func run() throws {
    if first == "paper" { return try comparePaper() }
    let sides = try [first, second ?? ""].map(SideSpecification.init)
    let runs = try runs(of: sides)
    let table = try ComparisonTable(
      sides[0], sides[1], in: runs, predicates: predicates.map(Predicate.init(rawValue:)))
    Console.print(json ? try ReportJSON.text(table) : table.text)
    if !json {
      let leans = try PropensityComparison.all(sides[0], sides[1], in: runs)
      if !leans.isEmpty { Console.print("Propensity\n" + leans.map { "- \($0.text)" }.joined(separator: "\n")) }
    }
    if let output { try write(table, of: runs, to: URL(fileURLWithPath: output)) }
  }

  private func runs(of sides: [SideSpecification]) throws -> [String: ComparedRun] {
    try Set(sides.compactMap(\.run)).reduce(into: [:]) { runs, name in
      runs[name] = try ComparedRun(name, try RunStore(reading: options.folder(name).url), purpose: purpose)
    }
  }

  private func write(_ table: ComparisonTable, of runs: [String: ComparedRun], to figure: URL) throws {
    let name = figure.deletingPathExtension().lastPathComponent
    let written = try FigureFiles(in: figure.deletingLastPathComponent()).write(table, in: runs, named: name)
    Console.error("The figure: \(figure.deletingPathExtension().path).svg")
    if let reason = written.withoutPNG { Console.error(reason) }
  }

  private func comparePaper() throws {
    let analysis = try second.map { text in
      let side = try SideSpecification(text)
      return PaperAnalysis(beside: try PaperAnalysis.ours(side, in: try runs(of: [side])))
    }
    let shown = analysis ?? PaperAnalysis()
    Console.print(json ? try ReportJSON.text(shown) : shown.text)
  }
}
