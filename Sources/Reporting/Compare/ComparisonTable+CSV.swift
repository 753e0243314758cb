import Statistics
import Tables

extension ComparisonTable {
  /// The rows as comma-separated values: every number of the table, unrounded.
  package var csv: String {
    var csv = CSVText(header: Self.columns)
    for row in rows {
      let sides = [row.first, row.second].flatMap(Self.fields)
      csv.add(
        [row.measure] + sides + [
          "\(row.difference)", "\(row.differenceInterval.lower)", "\(row.differenceInterval.upper)",
          row.ratio.ratio.map { "\($0)" } ?? "",
          "\(row.ratio.interval.lower)", "\(row.ratio.interval.upper)", row.test.method.rawValue,
          row.test.scope.rawValue,
          "\(row.p.value)",
          "\(row.fisher.value)", row.boschloo.map { "\($0.value)" } ?? "", "\(row.holm.value)",
          "\(row.benjaminiHochberg.value)", "\(row.isSignificant)",
        ])
    }
    return csv.text
  }

  private static let columns: [String] =
    ["measure"]
    + ["first", "second"].flatMap { side in
      [
        "", "_events", "_trials", "_attempted", "_rate", "_lower", "_upper", "_interval", "_prompts", "_design_effect",
        "_sequences",
      ].map { side + $0 }
    } + [
      "difference", "difference_lower", "difference_upper", "ratio", "ratio_lower", "ratio_upper", "test", "scope", "p",
      "fisher_p", "boschloo_p", "holm_p", "benjamini_hochberg_p",
      "significant",
    ]

  private static func fields(_ side: ComparedSide) -> [String] {
    [
      side.label, "\(side.count.events)", "\(side.count.trials)", "\(side.attempted)",
      side.count.rate.map { "\($0)" } ?? "", "\(side.interval.lower)", "\(side.interval.upper)",
      side.intervalMethod.rawValue, side.prompts.map { "\($0.prompts)" } ?? "",
      side.prompts?.designEffect.map { "\($0)" } ?? "",
      side.sequences.map { "\($0.events)/\($0.trials)" }.joined(separator: " "),
    ]
  }
}
