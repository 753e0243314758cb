import ArgumentParser

struct Labels: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Label in a spreadsheet, and summarise labels.",
    discussion: """
      Example:
        subterfuge labels export paper --rater anna --output sheet.csv
        subterfuge labels import paper sheet.csv --rater anna
        subterfuge labels summary paper
      """,
    subcommands: [LabelsExport.self, LabelsImport.self, LabelsSummary.self, LabelsJudge.self, LabelsList.self])
}
