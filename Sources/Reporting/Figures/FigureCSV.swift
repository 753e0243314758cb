import Episodes
import Runs
import Statistics
import Storage
import Tables

extension Figure {
  /// The columns of `csv`.
  static let columns = [
    "figure", "group", "label", "quantity", "value", "lower", "upper", "interval", "events", "graded", "attempted",
    "prompts",
    "design_effect", "effective_n", "sequences", "position", "p", "test",
    "adjusted_p", "remark", "checkpoints", "environment", "arm", "purpose", "predicate", "section",
  ]

  /// The numbers of the figure, one record for each mark, with the cells of the store that they count. `lower` and `upper`
  /// are the 95 % interval that the page shows, and `interval` is what it takes for alike; several values in one field are
  /// separated by spaces. Numbers have all their digits.
  package var csv: String {
    var table = CSVText(header: Self.columns)
    for group in groups {
      for mark in group.marks { table.add(record(mark, quantity, of: group)) }
      if let ratio = group.ratio { table.add(record(ratio, .ratio, of: group)) }
    }
    return table.text
  }

  private func record(_ mark: Mark, _ quantity: Quantity, of group: Group) -> [String] {
    let cells = mark.episodes?.cells ?? []
    let head = [name, group.title, mark.label, quantity.rawValue, mark.value.digits]
    let counts = [mark.tally?.events, mark.tally?.completed, mark.tally?.attempted, mark.clusters?.prompts]
      .map { $0.map(String.init) ?? "" }
    let clusters = [mark.clusters?.designEffect, mark.clusters?.effectiveEpisodes].map(\.digits)
    let bounds = [
      mark.interval?.lower.digits ?? "", mark.interval?.upper.digits ?? "", mark.intervalMethod?.rawValue ?? "",
    ]
    return head + bounds + counts + clusters + [
      mark.sequences.map { "\($0)" }.joined(separator: " "), mark.position.digits, mark.p?.description ?? "", mark.test,
      mark.adjustedP?.description ?? "", mark.remark, cells.map(\.checkpoint).joined(separator: " "),
      cells.first?.environment ?? "",
      cells.first?.arm.rawValue ?? "", cells.map(\.purpose).uniqued.joined(separator: " "),
      mark.episodes?.predicate.rawValue ?? "", group.section,
    ]
  }
}

extension Double {
  /// As many digits as bring back the same number.
  fileprivate var digits: String { "\(self)" }
}

extension Double? {
  /// As many digits as bring back the same number; nothing for none.
  fileprivate var digits: String { map(\.digits) ?? "" }
}
