import ArgumentParser

struct Labels: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Label in a spreadsheet, and summarise labels.",
    discussion: """
      Example:
        subterfuge labels export quickstart --rater anna --predicate gamed --output sheet.csv
        subterfuge labels import quickstart sheet.csv --rater anna
        subterfuge labels summary quickstart
      """,
    subcommands: [LabelsExport.self, LabelsImport.self, LabelsSummary.self, LabelsJudge.self, LabelsList.self])
}
