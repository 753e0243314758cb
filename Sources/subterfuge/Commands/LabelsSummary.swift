import Experiments
import ArgumentParser
import Foundation
import Interop
import Reporting
import Storage

struct LabelsSummary: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Summarise labels, agreement between raters, and rates without false positives.",
    discussion: "Example:\n  subterfuge labels summary quickstart --predicate overwrite")

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var selection: LabelSelectionOptions

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let store = try RunStore(reading: options.folder(name).url)
    let summary = try LabelSummary(store, selection.selection, subject: try? store.outline())
    if json { return try Console.json(summary) }
    Console.print(summary.text)
  }
}

struct LabelsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print every label with its episode as CSV; not blind.",
    discussion: "Example:\n  subterfuge labels list quickstart > labels.csv")

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var options: RunOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let labels = try RunStore(reading: options.folder(name).url).labels()
    if json { return try Console.json(labels) }
    Console.print(LabelTable.text(labels))
  }
}
