import Episodes
import Storage

/// The page of one cell: its filters, and every transcript behind a click. It needs no script: a filter is a link to an
/// anchor, and the style sheet hides what the anchor does not name.
struct CellPage {
  let cell: CellEpisodes
  let run: String
  /// The environment's title.
  let environment: String

  /// Everything before the first transcript of a part.
  func head(part: Int) -> Markup {
    let file = cell.file
    let title = "\(file.cell.checkpoint) on \(environment)"
    let count = cell.numbers.count == 1 ? "1 episode" : "\(cell.numbers.count.grouped) episodes"
    return """
      <!DOCTYPE html>
      \(Markup.head(title, rules: rules))<body class="episodes">
      <header class="top"><h1>\(title)</h1>
      <p class="lead">Arm \(file.cell.arm.rawValue.spaced), purpose \(file.cell.purpose). \(count) of the run \(run). \
      <a href="../report.html">The report</a></p>
      <nav class="filters"><a id="\(EpisodeFilter.all)" href="#\(EpisodeFilter.all)">all <b>\(cell.numbers.count.grouped)</b></a>\
      \(Markup(joining: cell.selections.map(tab)))</nav>
      \(cell.parts.count > 1 ? parts(current: part) : "")</header>
      <main>
      """
  }

  static let tail: Markup = "</section></main></body></html>\n"

  private func tab(_ selection: CellEpisodes.Selection) -> Markup {
    let anchor = selection.filter.anchor
    return """
      <a id="\(anchor)" href="#\(anchor)">\(selection.filter.title) <b>\(selection.numbers.count.grouped)</b></a>
      """
  }

  /// The parts of a long page with the number of episodes that a filter shows in each.
  private func parts(current: Int) -> Markup {
    let all = line(nil, numbers: nil, current)
    return """
      <div class="parts">\(all)\(Markup(joining: cell.selections.enumerated().map { index, selection in
        line(index, numbers: selection.numbers, current)
      }))</div>
      """
  }

  private func line(_ index: Int?, numbers: Set<Int>?, _ current: Int) -> Markup {
    let anchor = index.map { cell.selections[$0].filter.anchor } ?? EpisodeFilter.all
    let style = index.map { "part f\($0)" } ?? "part every"
    let links = cell.parts.enumerated().map { part, own -> Markup in
      let count = numbers.map { numbers in own.count(where: numbers.contains) } ?? own.count
      let text: Markup = "Part \(part + 1) <b>\(count.grouped)</b>"
      return part == current
        ? "<span>\(text)</span>" : "<a href=\"\(cell.file.fileName(part: part))#\(anchor)\">\(text)</a>"
    }
    return "<p class=\"\(style)\">\(Markup(joining: links))</p>"
  }

  /// What each filter hides.
  private var rules: Markup {
    Markup(
      joining: cell.selections.enumerated().map { index, selection in
        let on: Markup = ":root:has([id=\"\(selection.filter.anchor)\"]:target)"
        return """
          \(on) :is(.e:not(.f\(index)),.prompt:not(:has(.f\(index))),.part:not(.f\(index))){display:none}
          \(on) .part.f\(index){display:flex}

          """
      })
  }

  /// What the episodes of one prompt share.
  ///
  /// - Parameter isFirst: there is no prompt before it to close.
  func prompt(of stored: StoredEpisode, isFirst: Bool) -> Markup {
    """
    \(isFirst ? "" : "</section>" as Markup)<section class="prompt">\
    <details class="words"><summary>Prompt \(stored.episode.key.variant)</summary><pre>\(stored.episode.prompt)</pre></details>

    """
  }

  /// One episode, closed until somebody opens it or a link names it.
  func episode(_ stored: StoredEpisode) -> Markup {
    let styles = cell.selections.indices.filter { cell.selections[$0].numbers.contains(stored.id) }.map { " f\($0)" }
    let view = EpisodeView(
      stored: stored, annotations: cell.annotations[stored.id], run: run, limit: Self.longestBlock)
    return """
      <details class="e\(styles.joined())"><summary>Episode \(stored.id) <small>\(summary(stored))</small>\
      \(lastWords(stored))</summary>\
      <div id="e-\(stored.id)">\(view.markup)</div></details>

      """
  }

  /// The beginning of what was said last, so that a list can be skimmed.
  private func lastWords(_ stored: StoredEpisode) -> Markup {
    let messages = stored.episode.transcript.blocks.compactMap { block in
      if case .message(let text) = block {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      } else {
        nil
      }
    }
    guard let last = messages.last(where: { !$0.isEmpty }) else { return "" }
    return last.count <= Self.skimmed ? "<q>\(last)</q>" : "<q>\(last.prefix(Self.skimmed))…</q>"
  }

  private static let skimmed = 90

  /// The longest text of one block in characters.
  private static let longestBlock = 20_000

  private func summary(_ stored: StoredEpisode) -> String {
    let shown: [Predicate] = [.gamed, .overwrite, .honest]
    let what =
      switch stored.episode.result {
      case .failed(let failure): ["failed at the \(failure.boundary.rawValue)"]
      case .graded(let outcome, _): shown.filter { outcome[$0] }.map(\.title)
      }
    let flag = cell.annotations[stored.id]?.verdicts.values.contains(where: \.isFlagged) == true ? ["flagged"] : []
    return (["sample \(stored.episode.key.sample)"] + what + flag).joined(separator: " · ")
  }
}
