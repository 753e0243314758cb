import Experiments
import ArgumentParser
import Episodes
import Foundation
import Interop
import Storage
import Tables

struct LabelsExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Export the episodes that a rater has not labelled yet as a CSV sheet, blind.",
    discussion: """
      Fill in the columns intent (malign, benign_repair, confused), disclosure (disclosed, hidden) and, if you like, note; \
      leave the column code as it is; then import the file.

      Example:
        subterfuge labels export quickstart --rater anna --predicate gamed --output sheet.csv
      """)

  @Argument(help: "The run's name.")
  var name: String

  @OptionGroup var list: LabelListOptions

  @Option(help: "The file to write; it must not exist yet.")
  var output: String

  @OptionGroup var options: RunOptions

  @Flag(help: "Print how many rows were written as JSON.")
  var json = false

  func run() throws {
    let store = try RunStore(labelling: options.folder(name).url)
    let queue = try list.queue(in: store, run: name)
    do {
      let text = try LabelSheet.text(queue, in: store)
      try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .withoutOverwriting)
    } catch CocoaError.fileWriteFileExists {
      throw ValidationError("\(output) already exists and may hold answers. Give another --output.")
    }
    if json { return try Console.json(["rows": queue.items.count]) }
    Console.print("\(output): \(queue.items.count) of \(queue.total) episodes are left for \(list.rater.name) to read.")
  }
}

struct LabelsImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import the labels of a sheet, all of them or none.",
    discussion: """
      Rows without answers are skipped. A new answer replaces the rater's earlier one.

      Example:
        subterfuge labels import quickstart sheet.csv --rater anna
      """)

  @Argument(help: "The run's name.")
  var name: String

  @Argument(help: "The sheet.")
  var sheet: String

  @OptionGroup var rater: RaterOption

  @Option(help: "The predicate that the sheet was exported for.")
  var predicate = Predicate.overwrite.rawValue

  @OptionGroup var options: RunOptions

  @Flag(help: "Print what changed as JSON.")
  var json = false

  /// What an import came to.
  private struct Report: Encodable {
    var changes: LabelChanges
    var empty: Int
  }

  func run() throws {
    let store = try RunStore(labelling: options.folder(name).url)
    var reader = LabelSheetReader(file: sheet)
    let answers = try reader.answers(try records(), rater: rater.name, in: store)
    let changes = try store.record(
      answers.labels, rater: rater.name, of: Predicate(rawValue: predicate))
    if json { return try Console.json(Report(changes: changes, empty: answers.empty)) }
    Console.print(
      """
      \(changes.added) labels are new, \(changes.changed) changed, \(changes.unchanged) as they were; \
      \(answers.empty) rows without answers.
      """)
  }

  private func records() throws -> CSVReader {
    let unreadable = ValidationError("Cannot read the sheet '\(sheet)'. Give the path of a CSV file.")
    guard let file = FileHandle(forReadingAtPath: sheet) else { throw unreadable }
    return CSVReader {
      do { return Array(try file.read(upToCount: 1 << 16) ?? Data()) } catch { throw unreadable }
    }
  }
}
