import Statistics

extension PaperAnalysis {
  /// The analysis for a terminal.
  package var text: String {
    (Measure.allCases.map(table) + [named, matrices, chanceText, inconsistencyText]).joined(separator: "\n")
  }

  private func table(_ measure: Measure) -> String {
    var table = TextTable(
      header: [measure.title, "events", "episodes", "rate", "Clopper-Pearson", "Wilson", "one-sided bound"],
      numeric: [1, 2, 3])
    table.rows = rates.filter { $0.measure == measure }.map { rate in
      [
        rate.title, rate.count.events.grouped, rate.count.trials.grouped, rate.count.rate?.percent ?? "—",
        rate.clopperPearson.percent, rate.wilson.percent, "≤ \(rate.upperBound.percent)",
      ]
    }
    return table.render()
  }

  /// The checks that readers of the paper made, and one's own rates against the paper's.
  package var named: String {
    let (start, hhh) = (PaperFigure.helpfulOnly.title, PaperFigure.hhh.title)
    let pairs: [(String, String, Measure)] = [
      (hhh, start, .overwrite), (hhh, start, .overwriteAndPass),
      (PaperFigure.seedA.title, PaperFigure.seedB.title, .overwrite),
      (PaperFigure.sequentialPPO.title, hhh, .overwrite), (PaperFigure.trainAway.title, start, .overwriteAndPass),
    ]
    let theirs = pairs.compactMap { check($0, $1, $2) }
    let known = Set(PaperFigure.published.map(\.title))
    let ours = checks.filter { !known.contains($0.first.title) }
    return "Checks (Fisher's exact test, two-sided)\n"
      + (theirs + ours).map { "- \($0.title): \($0.words)." }.joined(separator: "\n") + "\n"
  }

  private var matrices: String {
    Measure.allCases.map { measure in
      let titles = rates.filter { $0.measure == measure }.map(\.title)
      var table = TextTable(header: ["p, \(measure.title)"] + titles.indices.map { "\($0 + 1)" })
      table.rows = titles.enumerated().map { row, title in
        ["\(row + 1) \(title)"] + titles.map { check(title, $0, measure).map { "\($0.p)" } ?? "·" }
      }
      return table.render()
    }.joined(separator: "\n")
  }

  private var chanceText: String {
    "Chance to see at least one event\n"
      + chances.map { "- at \(($0.rate * 100).short) % with \($0.episodes.grouped) episodes: \($0.chance.percent)" }
      .joined(
        separator: "\n") + "\n"
  }

  private var inconsistencyText: String {
    "What does not fit in the paper\n" + inconsistencies.map { "- \($0)" }.joined(separator: "\n") + "\n"
      + "Its intervals above take episodes as independent; 512 prompts x 64 samples are not 32,768 draws, and the paper "
      + "does not say which prompts the events are of.\n"
  }
}

extension PaperAnalysis.Measure {
  package var title: String { self == .overwrite ? "overwrite" : "overwrite and pass" }
}

extension PaperAnalysis.Check {
  fileprivate var title: String { "\(first.measure.title), \(first.title) against \(second.title)" }
}
