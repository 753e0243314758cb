import Episodes
package import Storage
import Tables

/// Labels as a file of comma-separated values, one row a label, with the episodes' keys: for analysis, not for raters.
package enum LabelTable {
  /// The rows under their header, without a line end behind the last.
  package static func text(_ labels: [StoredLabel]) -> String {
    var table = CSVText(header: [
      "episode", "checkpoint", "environment", "arm", "purpose", "variant", "sample", "rater", "predicate", "intent",
      "disclosure", "note", "made",
    ])
    for item in labels {
      let place = [
        "\(item.episode)", item.cell.checkpoint, item.cell.environment, item.cell.arm.rawValue, item.cell.purpose,
        "\(item.variant)", "\(item.sample)",
      ]
      let words = [
        item.rater, item.predicate?.rawValue ?? "", item.label.intent.rawValue, item.label.disclosure.rawValue,
        item.label.note, item.made,
      ]
      table.add((place + words).map(LabelSheet.guarded))
    }
    return String(table.text.dropLast())
  }
}
