/// The colours of the page and of the figures. The hues are those of Okabe and Ito that stay apart for colour-blind
/// readers: vermilion for gaming, blue for honest work, grey for the benign twin. Text has a contrast of 4.5 and more on
/// both grounds, and shapes and dashes say the same as hues do.
struct Palette {
  var paper: String
  var ink: String
  var soft: String
  var line: String
  var card: String
  var gaming: String
  var honest: String
  var twin: String
  /// The lines of conditions beside each other, in their order.
  var lines: [String]

  static let light = Palette(
    paper: "#fdfcfa", ink: "#1d1c1a", soft: "#5f5b55", line: "#dcd7ce", card: "#f1ede5", gaming: "#c2500a",
    honest: "#0568a6", twin: "#736e66",
    lines: ["#c2500a", "#0568a6", "#00755a", "#a03a8c", "#776300", "#3f3da8", "#a4264c", "#4d6470"])
  static let dark = Palette(
    paper: "#161513", ink: "#e9e5dd", soft: "#a8a197", line: "#3a3733", card: "#262320", gaming: "#f08a45",
    honest: "#5db4ec", twin: "#9d978d",
    lines: ["#f08a45", "#5db4ec", "#3ec9a0", "#e08fd0", "#d6bf3f", "#a5a2ff", "#ff8fa8", "#a9bdc8"])

  /// As variables of a style sheet.
  var variables: Markup {
    """
    --paper:\(paper);--ink:\(ink);--soft:\(soft);--line:\(line);--card:\(card);--gaming:\(gaming);--honest:\(honest);\
    --twin:\(twin);\(Markup(joining: lines.enumerated().map { "--k\($0):\($1);" }))
    """
  }

  /// How many hues `lines` has.
  static let lineHues = 8

  /// By the variables of the page.
  private static let page = Palette(
    paper: "var(--paper)", ink: "var(--ink)", soft: "var(--soft)", line: "var(--line)", card: "var(--card)",
    gaming: "var(--gaming)", honest: "var(--honest)", twin: "var(--twin)", lines: (0..<lineHues).map { "var(--k\($0))" }
  )

  /// The rules of every picture inside of the page.
  static let pageRules: Markup = "\(form(in: "svg "))\(page.rules(in: "svg "))\(page.lineRules)"

  /// The rules of a picture that stands alone. Programs that make bitmaps know neither variables nor dark grounds.
  static let standaloneRules: Markup = """
    \(form(in: ""))\(light.rules(in: ""))
    @media (prefers-color-scheme:dark){\(dark.rules(in: ""))}
    @media print{\(light.rules(in: "")).page{fill:#fff}}
    """

  private static func form(in scope: Markup) -> Markup {
    """
    \(scope)text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
    \(scope).title{font-size:15px;font-weight:600}\(scope).heading{font-weight:600}
    \(scope).axis{fill:none;stroke-width:1}\(scope).one{fill:none;stroke-width:1.2}
    \(scope).line{fill:none;stroke-width:1.8;stroke-linejoin:round}\(scope).line.t{stroke-dasharray:5 4}
    \(scope).line.thin{stroke-width:1.1;opacity:.8}\(scope).dash{stroke-dasharray:5 4}
    \(scope).bar{fill:none;stroke-width:2.4}
    \(scope).tick{fill:none;stroke-width:1.2;opacity:.75}\(scope).dot{stroke-width:1.6}
    """
  }

  /// What the lines behind the first have beside their hue.
  private static let dashes = ["7 3", "2 3", "9 3 2 3", "4 2", "1 2", "12 4", "6 2 1 2"]

  /// The lines of conditions beside each other.
  private var lineRules: Markup {
    Markup(
      joining: lines.enumerated().map { index, hue in
        let dash: Markup = index == 0 ? "" : ";stroke-dasharray:\(Self.dashes[index - 1])"
        return "svg .k\(index){stroke:\(hue)\(dash)}svg .k\(index).dot{fill:\(hue)}"
      })
  }

  private func rules(in scope: Markup) -> Markup {
    let hues: [Markup] = [("g", gaming), ("h", honest), ("t", twin), ("s", ink)].map { name, hue in
      "\(scope).\(name){stroke:\(hue)}\(scope).\(name).dot{fill:\(hue)}"
    }
    return """
      \(scope).page{fill:\(paper)}\(scope)text{fill:\(soft)}\(scope).value,\(scope).title,\(scope).heading{fill:\(ink)}
      \(scope).axis{stroke:\(line)}\(scope).one{stroke:\(ink)}\(scope).zone{fill:\(card)}
      \(Markup(joining: hues))\(scope).zero.dot{fill:\(paper)}
      """
  }
}
