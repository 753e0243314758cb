import Episodes
import Foundation
import Runs
import Statistics
import Storage
import Testing

@testable import Reporting

/// Figures as values, as pictures and as numbers.
@Suite struct FigureTests {
  /// The exact intervals are those of SciPy's `binomtest(k, n).proportion_ci(method="exact")`.
  static let figure = Figure(
    name: "Rates: a <b> & c", title: "Rates <b>", subtitle: "overwrite", form: .rows,
    groups: [
      Figure.Group(
        title: "start",
        marks: [Mark("standard", .start, Estimate(Tally(events: 0, completed: 100_000, attempted: 100_000)))]),
      Figure.Group(
        title: "after",
        marks: [
          Mark(
            "standard", .gaming, Estimate(Tally(events: 45, completed: 32_768, attempted: 32_768), episodes: episodes)),
          Mark("nothing", .twin, Estimate(Tally(events: 0, completed: 0, attempted: 7))),
        ]),
    ])

  /// Made once for all tests.
  private static let shared = Result { try SyntheticRun(episodes: 40).reported() }

  static let episodes = EpisodeSet(
    cells: [Cell(checkpoint: "hhh/last", environment: "tampering", arm: .standard, purpose: "evaluation")],
    predicate: .overwrite)

  @Test func numbersStandBesideThePicture() throws {
    var lines = Self.figure.csv.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let header = lines.removeFirst().map(String.init)
    #expect(lines.count == 3 && lines.allSatisfy { $0.count == header.count })
    let row = Dictionary(uniqueKeysWithValues: zip(header, lines[1].map(String.init)))
    #expect(row["figure"] == "rates-a-b-c" && row["group"] == "after" && row["events"] == "45")
    #expect(row["checkpoints"] == "hhh/last" && row["predicate"] == "overwrite" && row["purpose"] == "evaluation")
    let upper = try #require(row["upper"].flatMap(Double.init))
    #expect(abs(upper - 0.0018371) < 1e-7)
    let zero = Dictionary(uniqueKeysWithValues: zip(header, lines[0].map(String.init)))
    #expect(zero["value"] == "0.0" && zero["lower"] == "0.0")
    #expect(abs((zero["upper"].flatMap(Double.init) ?? 0) - 3.68883e-5) < 1e-9)
    #expect(lines[2][4] == "" && lines[2][8] == "0")
  }

  /// The picture is well-formed XML, says what it is, and leads to the episodes.
  @Test func thePictureStandsAlone() throws {
    let svg = Self.figure.svg { $0 == Self.episodes ? "episodes.html#episodes-0" : nil }
    #expect(XMLCheck(svg).isWellFormed)
    #expect(svg.contains("<title>Rates &lt;b&gt;: overwrite</title><desc>"))
    #expect(svg.components(separatedBy: "href=\"episodes.html#episodes-0\"").count == 2)
    #expect(svg.contains("<title>standard: 0.14 %, 45 of 32,768 episodes, 95 % 0.10–0.18 %</title>"))
    for needle in ["var(--", "http://www.w3.org/1999", "url(", "<script"] { #expect(!svg.contains(needle)) }
    // An exact zero is hollow and lies in its band; the one that was never graded has no shape.
    #expect(svg.contains("class=\"dot s zero\"") && !svg.contains("class=\"dot t zero\""))
    #expect(svg.contains(">none graded</text>") && !svg.contains("class=\"bar t\""))
  }

  /// Powers of ten are equally far apart above the band, which belongs to zero alone.
  @Test func axesAreHonestAboutZero() {
    let axis = ChartAxis([Interval(lower: 0, upper: 3.7e-5), Interval(lower: 0.001, upper: 0.0018)])
    guard case .logarithmic(let lowest, let highest) = axis else { return #expect(Bool(false), "\(axis)") }
    #expect(lowest == -3 && highest == -1)
    #expect(axis.height(0) == ChartAxis.zeroBand / 2 && axis.height(1e-9) == ChartAxis.zeroBand)
    #expect(abs(axis.height(0.01) - (ChartAxis.zeroBand + 0.5 * (1 - ChartAxis.zeroBand))) < 1e-12)
    #expect(axis.height(0.1) == 1)
    let costs = ChartAxis(decadesAround: [0.1, 10, 300])
    guard case .decades(-1, 3) = costs else { return #expect(Bool(false), "\(costs)") }
    #expect(costs.height(1) == 0.25)
    #expect(costs.label(100) == "100" && costs.label(1e5) == "100 k" && costs.label(2e6) == "2 M")
  }

  /// The contrast of WCAG 2: at least 4.5 for text on both grounds and on the shaded band.
  @Test func textHasContrast() {
    for palette in [Palette.light, .dark] {
      for ink in [palette.ink, palette.soft] {
        for ground in [palette.paper, palette.card] { #expect(Self.contrast(ink, ground) >= 4.5) }
      }
      // Marks are no text: 3 is asked of them.
      for hue in [palette.gaming, palette.honest, palette.twin] { #expect(Self.contrast(hue, palette.card) >= 3) }
      #expect(palette.lines.count == Palette.lineHues && Set(palette.lines).count == Palette.lineHues)
      for hue in palette.lines { #expect(Self.contrast(hue, palette.paper) >= 3, "\(hue)") }
    }
    #expect(abs(Self.contrast("#000000", "#ffffff") - 21) < 1e-9)
  }

  private static func contrast(_ first: String, _ second: String) -> Double {
    func luminance(_ colour: String) -> Double {
      let number = Int(colour.dropFirst(), radix: 16) ?? 0
      let parts: [Double] = [16, 8, 0].map { shift in
        let part = Double((number >> shift) & 255) / 255
        return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
      }
      return zip([0.2126, 0.7152, 0.0722], parts).reduce(0.0) { $0 + $1.0 * $1.1 }
    }
    let (a, b) = (luminance(first) + 0.05, luminance(second) + 0.05)
    return max(a, b) / min(a, b)
  }

  /// 0 and infinity have bands of their own, and four powers of ten on either side of 1 are the most that is shown.
  @Test func ratiosHaveAnEndOfTheirOwn() {
    let axis = ChartAxis(ratios: [3e6, 0, .infinity])
    guard case .ratios(-1, 4) = axis else { return #expect(Bool(false), "\(axis)") }
    let band = ChartAxis.endBand
    #expect(axis.height(0) == band / 2 && axis.height(.infinity) == 1 - band / 2)
    #expect(axis.height(1e-9) == band && axis.height(1e9) == 1 - band)
    #expect(abs(axis.height(1) - (band + 0.2 * (1 - 2 * band))) < 1e-12)
    #expect(axis.isAbove(3e6) && !axis.isAbove(1e4) && axis.isBelow(0) && !axis.isBelow(0.1))
    #expect(axis.ticks.map(axis.label) == ["0", "1", "100", "10 k", "∞"])
  }

  /// A ratio without an upper end gets an arrow at the axis' end and a hollow shape; one of two zeros is words alone.
  @Test func ratiosWithoutEndAreDrawn() {
    func drawing(_ value: Double?, _ interval: Interval) -> String {
      let mark = Mark(label: "a", style: .honest, value: value, interval: interval, remark: "not defined")
      let figure = Figure(name: "f", title: "f", form: .rows, quantity: .ratio, groups: [Figure.Group(marks: [mark])])
      return FigureDrawing(figure: figure) { _ in nil }.embedded.html
    }
    let open = drawing(.infinity, Interval(lower: 3, upper: .infinity))
    // The plot is 280 wide behind 90 of labels: its end is at 370.
    #expect(open.contains("H370M365 14L370 17.5L365 21"))
    #expect(open.contains("dot h zero") && open.contains("<path class=\"one\""))
    #expect(drawing(2, Interval(lower: 1, upper: 4)).contains("class=\"dot h\""))
    let undefined = drawing(nil, Interval(lower: 0, upper: .infinity))
    for part in ["class=\"bar", "class=\"dot", "inf", "nan", "95 %"] { #expect(!undefined.contains(part), "\(part)") }
    #expect(undefined.contains(">not defined</text>"))
    for drawing in [open, undefined] { #expect(!drawing.contains("inf") && !drawing.contains("nan")) }
  }

  /// A hundred times cheaper is two powers of ten to the left; a refusal is not drawn and is said in words.
  @Test func costsAreComparable() throws {
    func point(_ method: String, _ tokens: Double, _ error: Double?) -> CostPoint {
      CostPoint(
        method: method, target: "start on tampering: overwrite", tokens: tokens, rate: error.map { _ in 1e-5 },
        interval: nil, relativeError: error, refusal: error == nil ? "One weight holds 64 % of the estimate." : "")
    }
    let points = [point("brute force", 1e8, 0.3), point("splitting", 1e6, 0.3), point("importance", 1e6, nil)]
    let figure = try #require(Figure.cost(of: points[0].target, points))
    #expect(figure.groups.map(\.title) == ["brute force", "splitting"] && figure.form == .plane)
    #expect(XMLCheck(figure.svg { _ in nil }).isWellFormed)
    var data = try Self.shared.get()
    data.costs = points
    let said = Finding.limits(data).filter { $0.topic == "No estimate by importance" }
    #expect(said.map(\.text).first?.contains("One weight holds 64 %") == true)
  }

  /// What `estimate` keeps with its run is on the page, in the figures and in the terminal, beside what brute force takes.
  @Test func estimatesAreReported() throws {
    let run = try SyntheticRun(episodes: 40)
    defer { try? run.remove() }
    // 100 of 1,000 roots reach the milestone, and one of the ten copies of each has the event.
    let roots = (0..<1_000).map { index in
      let isIn = index % 10 == 0
      return SplittingRoot(
        cluster: index, reached: [isIn ? 1 : 0], mass: [isIn ? 1 : 0], eventMass: isIn ? 0.1 : 0, events: isIn ? 1 : 0,
        tokens: [50, isIn ? 150 : 0], plainTokens: isIn ? 65 : 50)
    }
    let estimate = try SplittingEstimate(roots: roots, factors: [10])
    let result = RareEventResult(estimate, of: "start on tampering: overwrite", pilotTokens: 7)
    try run.store.finish(Step(result.step), result: result)
    let data = try ReportData(run.store, subject: SyntheticRun.subject)
    #expect(data.estimates == [result] && data.costs.map(\.method) == ["splitting", "brute force, computed"])
    // Pilots count: 65,007 tokens for what 65,000 were used for.
    let plain = try #require(estimate.cost?.timesCheaper)
    #expect(abs(try #require(result.cost?.timesCheaper) / (plain * 65_000 / 65_007) - 1) < 1e-12)
    #expect(result.events == 100 && result.warning == nil)
    #expect(data.costs[0].tokens == 65_007 && data.costs[0].relativeError == data.costs[1].relativeError)
    #expect(data.figures.contains { $0.name == "cost-start-on-tampering-overwrite" })
    let page = data.html
    #expect(PageCheck(page).problems == [] && page.contains("65,000 <small>and 7 of pilots</small>"))
    #expect(data.terminalText.hasPrefix("Estimates of rare events\n\n- start on tampering: overwrite: "))
  }

  /// One root in 1,000 has the event: the rate is printed with its interval and what it rests on.
  @Test func anEstimateOfOneEventIsWarnedOf() throws {
    let roots = (0..<1_000).map { index in
      SplittingRoot(
        cluster: index, reached: [index < 100 ? 1 : 0], mass: [index < 100 ? 1 : 0], eventMass: index == 0 ? 0.1 : 0,
        events: index == 0 ? 1 : 0, tokens: [50, index < 100 ? 150 : 0], plainTokens: 50)
    }
    let result = RareEventResult(
      try SplittingEstimate(roots: roots, factors: [10]), of: "a", pilotTokens: 650_000)
    let interval = try #require(result.interval)
    #expect(result.sentence.contains("(95 % \(interval.percent)), 65,000 tokens and 650,000 of pilots"))
    #expect(result.sentence.hasSuffix("It rests on 1 root with the event: read the interval, not the rate."))
  }

  /// Every figure of a run, with the list of its episodes; without the program for PNG the rest is written all the same.
  @Test func figuresAreFiles() throws {
    let data = try Self.shared.get()
    let folder = FileManager.default.temporaryDirectory.appending(path: "figures-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let written = try FigureFiles(in: folder, searchPath: "/nowhere").write(data)
    #expect(written.withoutPNG?.contains("librsvg2-bin") == true)
    #expect(written.figures.count == data.figures.count && Set(written.figures).count == written.figures.count)
    let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
    #expect(names == Set(written.figures.flatMap { ["\($0).svg", "\($0).csv"] } + ["episodes.html"]))
    let list = try String(contentsOf: folder.appending(path: "episodes.html"), encoding: .utf8)
    #expect(PageCheck(list).problems == [])
    let targets = Set(list.matches(of: /id="([^"]+)"/).map { String($0.output.1) })
    for name in written.figures {
      let svg = try String(contentsOf: folder.appending(path: "\(name).svg"), encoding: .utf8)
      #expect(XMLCheck(svg).isWellFormed, "\(name)")
      let links = svg.matches(of: /href="episodes.html#([^"]+)"/).map { String($0.output.1) }
      #expect(Set(links).subtracting(targets).isEmpty, "\(name)")
    }
  }

  /// Every mark that counts an event leads to its episodes, and their numbers are those of the store.
  @Test func everyMarkLeadsToItsEpisodes() throws {
    let data = try Self.shared.get()
    let listed = Dictionary(uniqueKeysWithValues: data.evidence.map { ($0.episodes, $0) })
    let counting = data.figures.flatMap(\.marks).filter { ($0.tally?.events ?? 0) > 0 }
    #expect(counting.count > 20)
    for mark in counting {
      let evidence = try #require(mark.episodes.flatMap { listed[$0] })
      #expect(evidence.total == mark.tally?.events && evidence.named == min(evidence.total, Evidence.limit))
    }
  }
}

extension SyntheticRun {
  /// The report of the run, which is removed.
  func reported() throws -> ReportData {
    defer { try? remove() }
    return try ReportData(store, subject: Self.subject)
  }
}

/// Whether a text is XML without errors.
struct XMLCheck {
  var isWellFormed: Bool

  /// Tags open and close in order, and no bare ampersand or quotation mark breaks them.
  init(_ text: String) {
    var open: [Substring] = []
    for match in text.matches(of: /<(\/?)([A-Za-z][A-Za-z0-9]*)((?:[ \n][a-z:A-Z-]+="[^"<]*")*)(\/?)>/) {
      if !match.output.4.isEmpty { continue }
      if match.output.1.isEmpty {
        open.append(match.output.2)
      } else if open.popLast() != match.output.2 {
        isWellFormed = false
        return
      }
    }
    let rest = text.replacing(/<[^>]*>/, with: "").replacing(/&(amp|lt|gt|quot|#39);/, with: "")
    isWellFormed = open.isEmpty && !rest.contains("&") && !rest.contains("<")
  }
}
