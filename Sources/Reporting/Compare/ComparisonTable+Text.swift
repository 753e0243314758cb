import Statistics

extension ComparisonTable {
  /// The comparison for a terminal.
  package var text: String {
    [
      table.render(), note.wrapped() + "\n", conclusions,
      strataText, notes.isEmpty ? nil : "Mind\n" + notes.map { "- \($0)" }.joined(separator: "\n"),
    ].compactMap(\.self).joined(separator: "\n") + "\n"
  }

  private var note: String {
    let adjusted =
      rows.count > 1 ? " Holm adjusts p for \(rows.count) rows; * marks what stays below \(RateComparison.level)." : ""
    return "\(Estimate.note)\(adjusted)"
  }

  private var table: TextTable {
    var table = TextTable(header: ["", "first", "second", "difference, points", "ratio", "p"])
    if rows.count > 1 { table.header.append("Holm") }
    table.rows = rows.map { row in
      [
        row.measure.isEmpty ? "rate" : row.measure, row.first.text, row.second.text, row.differenceText, row.ratioText,
        row.pText(marked: rows.count == 1),
      ] + (rows.count > 1 ? ["\(row.holm)\(row.isSignificant ? " *" : "")"] : [])
    }
    return table
  }

  private var conclusions: String {
    "In words\n"
      + zip(rows, subjects).map { row, subject in
        let heading = [row.measure, subject].filter { !$0.isEmpty }.joined(separator: ", ")
        return "- \(heading.isEmpty ? "" : "\(heading): ")\(row.words)"
      }.joined(separator: "\n")
  }

  /// What tells a row from the others: the parts of both sides' labels that are not the same in all rows.
  private var subjects: [String] {
    let sides = [\RateComparison.first.label, \RateComparison.second.label].map { side in
      rows.map { $0[keyPath: side].split(separator: ":").map(String.init) }
    }
    let varying = sides.map { labels in
      (0..<(labels.map(\.count).max() ?? 0)).filter { part in
        Set(labels.map { part < $0.count ? $0[part] : "" }).count > 1
      }
    }
    return rows.indices.map { row in
      let names = zip(sides, varying).map { labels, parts in
        parts.compactMap { $0 < labels[row].count ? labels[row][$0] : nil }.joined(separator: ":")
      }
      return names.filter { !$0.isEmpty }.uniqued.joined(separator: " against ")
    }
  }

  private var strataText: String? {
    strata.isEmpty
      ? nil
      : "\nOver environments (Mantel-Haenszel; one episode a prompt, within the run)\n"
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
      lines.append("\(prompts.prompts.grouped) prompts\(effective)")
    }
    if sequences.count > 1 { lines.append("\(sequences.count) sequences") }
    return lines.joined(separator: "\n")
  }
}

extension RateComparison {
  fileprivate var differenceText: String {
    "\(difference.signedPoints)\n\(differenceInterval.lower.signedPoints) to \(differenceInterval.upper.signedPoints)"
  }

  fileprivate var ratioText: String {
    ratio.ratio == nil
      ? ratio.text : "\(ratio.text)\n\(ratio.interval.lower.factor) to \(ratio.interval.upper.factor)"
  }

  fileprivate func pText(marked: Bool) -> String {
    if test.method == .tooFewPrompts { return "not tested:\ntoo few prompts" }
    return "\(p)\(marked && isSignificant ? " *" : "")\n\(test.method.short)\n\(test.scope.short)"
  }
}

extension SideTest.Scope {
  fileprivate var short: String {
    switch self {
    case .withinRun: "within the run"
    case .acrossSequences: "across sequences"
    }
  }
}

extension SideTest.Method {
  fileprivate var short: String {
    switch self {
    case .fisher: "Fisher"
    case .mcNemar: "McNemar"
    case .randomisation: "by prompt"
    case .effectiveFisher: "Fisher, n_eff"
    case .permutation: "permutation"
    case .welch: "Welch's t"
    case .oneSample: "t"
    case .paired: "paired t"
    case .tooFewPrompts: "not tested"
    }
  }
}
