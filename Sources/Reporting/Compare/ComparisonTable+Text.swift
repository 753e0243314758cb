import Statistics

extension ComparisonTable {
  /// The comparison for a terminal.
  package var text: String {
    [
      table.render(),
      "Intervals: 95 %, Clopper-Pearson; by prompt where episodes of one prompt are alike.\n"
        + "p is of the test named; Holm and BH adjust it for \(rows.count) row\(rows.count == 1 ? "" : "s").",
      conclusions,
      strataText, notes.isEmpty ? nil : "Mind\n" + notes.map { "- \($0)" }.joined(separator: "\n"),
    ].compactMap(\.self).joined(separator: "\n") + "\n"
  }

  private var table: TextTable {
    var table = TextTable(
      header: ["", "first", "second", "difference, points", "ratio", "p", "Fisher\nBoschloo", "Holm\nBH"])
    table.rows = rows.map { row in
      [
        row.measure.isEmpty ? "rate" : row.measure, row.first.text, row.second.text, row.differenceText, row.ratioText,
        "\(row.p)\n\(row.test.short)", "\(row.fisher)\n\(row.boschloo.map(\.description) ?? "—")",
        "\(row.holm)\(row.isSignificant ? " *" : "")\n\(row.benjaminiHochberg)",
      ]
    }
    return table
  }

  private var conclusions: String {
    "\nIn words\n" + rows.map { "- \($0.measure.isEmpty ? "" : "\($0.measure): ")\($0.words)" }.joined(separator: "\n")
  }

  private var strataText: String? {
    strata.isEmpty
      ? nil
      : "\nOver environments (Mantel-Haenszel; episodes taken as independent)\n"
        + strata.map { "- \($0.words)" }.joined(separator: "\n")
  }
}

extension ComparedSide {
  fileprivate var text: String {
    var lines = [
      label, "\(count.rate?.percent ?? "—")  \(count.events.grouped)/\(count.trials.grouped)", interval.percent,
    ]
    if let prompts {
      let effective = prompts.effectiveEpisodes.map { ", n_eff \(Int($0).grouped)" } ?? ""
      lines.append("\(prompts.interval.percent) by prompt (\(prompts.prompts.grouped)\(effective))")
    }
    return lines.joined(separator: "\n")
  }
}

extension RateComparison {
  fileprivate var differenceText: String {
    let lines = [difference.signedPoints, Self.points(differenceInterval)]
    return (lines + [promptDifferenceInterval.map { "\(Self.points($0)) by prompt" }].compactMap(\.self)).joined(
      separator: "\n")
  }

  private static func points(_ interval: Interval) -> String {
    "\(interval.lower.signedPoints) to \(interval.upper.signedPoints)"
  }

  fileprivate var ratioText: String {
    ratio.ratio == nil
      ? ratio.text : "\(ratio.text)\n\(ratio.interval.lower.factor) to \(ratio.interval.upper.factor)"
  }
}

extension SideTest.Method {
  fileprivate var short: String {
    switch self {
    case .fisher: "Fisher"
    case .mcNemar: "McNemar"
    case .randomisation: "by prompt"
    case .effectiveFisher: "Fisher, n_eff"
    }
  }
}
