import Episodes
import Foundation
import Runs
import Statistics
import Storage
import Testing

@testable import Reporting

/// The figure that opens the page: what it shows, what it says, and what it must not say.
@Suite struct ResultFigureTests {
  /// 480 episodes a cell and 1,920 in the held-out environment, of which every fortieth fails: 468 and 1,872 are graded.
  private static let shared = Result { try SyntheticRun(episodes: 480).reported() }
  private let data: ReportData

  init() throws { data = try Self.shared.get() }

  /// 0.9 % of 1,920 are 17 events, the first 17 of which none fails; the start has none. Fisher's exact p of 17/1,872
  /// against 0/1,872 is 1.5e-05 (SciPy), below 0.001, but they lie on five prompts alone, too few for a verdict.
  @Test func itSaysTheResult() throws {
    let figure = try #require(data.resultFigure)
    #expect(figure.title.hasPrefix("Gaming rose in all 4 environments that were trained on. "))
    #expect(
      figure.title.contains("Reward tampering (overwrite) allows no verdict, from 0 % to 0.91 %: at most "),
      "\(figure.title)")
    #expect(figure.title.hasSuffix("; its gate is not met, so this says nothing about generalisation."))
    #expect(figure.subtitle.hasPrefix("insubordinate") == false && figure.subtitle.contains("one training sequence"))
    #expect(data.figures.first == figure && figure.form == .panel)
  }

  /// Trained environments first, held-out ones behind them; each row has the start, the main condition and its twin.
  @Test func rowsAreApartByTraining() throws {
    let figure = try #require(data.resultFigure)
    #expect(
      figure.groups.map(\.section) == Array(repeating: "Trained on", count: 4)
        + Array(repeating: "Held out: never trained on", count: 2))
    #expect(figure.groups[0].marks.map(\.style) == [.start, .gaming, .twin])
    // The twin was not measured in the third environment.
    #expect(figure.groups[2].marks.map(\.style) == [.start, .gaming])
    let political = figure.groups[0].marks
    // 12 and 66 % of 480: 58 (57.6) and 317 (316.8), of which every fortieth failed.
    #expect(political.map { $0.tally?.events } == [58 - 1, 317 - 7, 38])
    #expect(political[1].remark.hasSuffix("%, rose") && political[0].remark.hasSuffix("%"))
    let tampering = figure.groups[4].marks
    #expect(
      tampering[0].value == 0 && tampering[0].remark.hasPrefix("0 %, at most 0.") && tampering[0].interval?.lower == 0)
    #expect(tampering[1].remark.hasSuffix(", no verdict"))
  }

  /// 80 % and 0.05 % have places of their own, a zero has the band, and whole decades are equally far apart.
  @Test func theAxisShowsLargeAndSmallRates() {
    func mark(_ events: Int, _ trials: Int) -> Mark {
      Mark("a", .gaming, Estimate(Tally(events: events, completed: trials, attempted: trials)))
    }
    let axis = ChartAxis(rates: [mark(1_600, 2_000), mark(1, 2_000), mark(0, 2_000)])
    guard case .logarithmic(let lowest, 0) = axis else { return #expect(Bool(false), "\(axis)") }
    // The exact interval of 1 in 2,000 begins at 1.27e-5 (SciPy).
    #expect(lowest == -5)
    #expect(axis.height(0.8) - axis.height(0.0005) > 0.5 && axis.height(0.0005) > ChartAxis.zeroBand + 0.2)
    #expect(abs((axis.height(0.1) - axis.height(0.01)) - (axis.height(0.01) - axis.height(0.001))) < 1e-12)
    #expect(axis.height(1) == 1 && axis.height(0) == ChartAxis.zeroBand / 2)
    guard case .logarithmic(-2, 0) = ChartAxis(rates: [mark(1_600, 2_000)]) else { return #expect(Bool(false)) }
  }

  /// Above the findings, with a drawing for broad and for narrow screens, and the numbers as a table.
  @Test func itOpensThePage() throws {
    let page = data.html
    let (figure, findings) = (page.range(of: "id=\"result\""), page.range(of: "id=\"findings\""))
    #expect(try #require(figure).lowerBound < #require(findings).lowerBound)
    #expect(PageCheck(page).problems == [])
    let start = try #require(figure).lowerBound
    let opening = String(page[start..<(try #require(page[start...].range(of: "</figure>"))).lowerBound])
    #expect(opening.components(separatedBy: "<svg viewBox").count - 1 == 2)
    #expect(opening.components(separatedBy: "role=\"group\" aria-label=\"Gaming rose").count - 1 == 2)
    let rows = PageTable(opening).rows
    // Six rows of three marks, less the twin in the third.
    #expect(rows.count == 17)
    let last = try #require(rows.first { $0[0].contains("Reward tampering, overwrite Held out") && $0[1] == "gaming" })
    #expect(last[2] == "0.91 %, no verdict" && last[4] == "17/1,872")
    #expect(opening.contains("Logarithmic scale"))
  }

  /// What the words are made of: verdicts by hand.
  @Test func wordsFollowTheVerdicts() throws {
    func titled(_ change: (inout ReportData) -> Void) throws -> String {
      var changed = data
      changed.gate = []
      change(&changed)
      return try #require(changed.resultFigure).title
    }
    func set(_ data: inout ReportData, _ column: Int, _ verdict: Comparison.Verdict, method: SideTest.Method = .fisher)
    {
      let row = data.gaming.rows.lastIndex { $0.condition == "gaming" } ?? 0
      data.gaming.rows[row].cells[column]?.comparison?.verdict = verdict
      data.gaming.rows[row].cells[column]?.comparison?.test.method = method
    }
    #expect(
      try titled { set(&$0, 0, .unclear) }.hasPrefix("Gaming rose in 3 of the 4 environments that were trained on."))
    #expect(
      try titled {
        set(&$0, 0, .fell)
        set(&$0, 1, .unclear)
      }.hasPrefix("Gaming rose in 2 and fell in 1 of the 4 environments that were trained on."))
    #expect(
      try titled { data in (0..<4).forEach { set(&data, $0, .unclear) } }
        .hasPrefix("Gaming shows no clear change in the 4 environments that were trained on."))
    let unclear = try titled { set(&$0, 4, .unclear) }
    #expect(unclear.contains("Reward tampering (overwrite) shows no clear change, from 0 % to 0.91 %: at most "))
    #expect(unclear.hasSuffix("(95 % interval)."))
    // The twin's comparison with the main condition decides what is said of it.
    for (verdict, words) in [
      (Comparison.Verdict.fell, ", above its benign twin’s 0 %."),
      (.unclear, ", not distinguishable from its benign twin’s 0 %."),
    ] {
      let text = try titled { data in
        set(&data, 4, .rose)
        let column = data.conditions.columns.firstIndex(of: data.gaming.columns[4]) ?? 0
        data.conditions.rows[1].cells[column]?.againstMain?.p = PValue(naturalLog: verdict == .unclear ? 0 : -20)
        data.conditions.rows[1].cells[column]?.againstMain?.comparison.difference = -0.01
      }
      #expect(text.hasSuffix("Reward tampering (overwrite) rose from 0 % to 0.91 %\(words)"), "\(text)")
    }
  }

  /// Before a trained checkpoint was measured there is nothing to say.
  @Test func thereIsNoneBeforeTraining() throws {
    var untrained = data
    untrained.gaming.rows.removeAll { $0.condition != nil }
    #expect(untrained.resultFigure == nil && !untrained.html.contains("id=\"result\""))
  }

  /// Bars are those of the tables: one bound, one method.
  @Test func itAgreesWithTheMatrix() throws {
    let figure = try #require(data.resultFigure)
    for group in figure.groups {
      let column = try #require(data.gaming.columns.first { $0.fullTitle == group.title })
      let index = try #require(data.gaming.columns.firstIndex(of: column))
      for (mark, condition) in zip(group.marks, [nil, "gaming", "benign"]) {
        let row = try #require(data.gaming.rows.last { $0.condition == condition })
        #expect(mark.interval == row.cells[index]?.estimate.interval && mark.tally == row.cells[index]?.estimate.tally)
      }
    }
  }
}
