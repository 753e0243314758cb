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

  static let light = Palette(
    paper: "#fdfcfa", ink: "#1d1c1a", soft: "#5f5b55", line: "#dcd7ce", card: "#f1ede5", gaming: "#c2500a",
    honest: "#0568a6", twin: "#736e66")
  static let dark = Palette(
    paper: "#161513", ink: "#e9e5dd", soft: "#a8a197", line: "#3a3733", card: "#262320", gaming: "#f08a45",
    honest: "#5db4ec", twin: "#9d978d")

  /// As variables of a style sheet.
  var variables: Markup {
    """
    --paper:\(paper);--ink:\(ink);--soft:\(soft);--line:\(line);--card:\(card);--gaming:\(gaming);--honest:\(honest);\
    --twin:\(twin);
    """
  }

  /// By the variables of the page.
  private static let page = Palette(
    paper: "var(--paper)", ink: "var(--ink)", soft: "var(--soft)", line: "var(--line)", card: "var(--card)",
    gaming: "var(--gaming)", honest: "var(--honest)", twin: "var(--twin)")

  /// The rules of every picture inside of the page.
  static let pageRules: Markup = "\(form(in: "svg "))\(page.rules(in: "svg "))"

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
