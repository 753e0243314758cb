import Episodes
import Storage

/// The episodes behind each number, by their numbers in the store, with the command that lists them all.
struct EvidenceSection {
  private let evidence: [Evidence]
  private let run: String
  private let places: [EpisodeSet: Int]

  init(_ evidence: [Evidence], run: String) {
    self.evidence = evidence
    self.run = run
    places = Dictionary(uniqueKeysWithValues: evidence.enumerated().map { ($1.episodes, $0) })
  }

  /// The anchor of the list behind an estimate or a mark; `nil` where nothing was counted.
  func anchor(_ episodes: EpisodeSet?) -> Markup? { episodes.flatMap { places[$0] }.map { "episodes-\($0)" } }

  /// A text that leads to the list behind an estimate, or the text alone.
  func link(_ text: Markup, _ episodes: EpisodeSet?) -> Markup {
    anchor(episodes).map { "<a href=\"#\($0)\">\(text)</a>" } ?? text
  }

  var isEmpty: Bool { evidence.isEmpty }

  /// The lists as a page of their own, for figures that are files.
  var page: String {
    let page: Markup = """
      <!DOCTYPE html>
      \(Markup.head("The episodes behind the figures"))<body><main>
      <h1>The episodes behind the figures</h1>
      \(markup)
      </main></body></html>
      """
    return page.html
  }

  var markup: Markup {
    """
    <p class="note">Every count above leads to its list here. A list names the first episodes by key; \
    <code>subterfuge show \(run) NUMBER</code> prints one, and the command below a list prints all of it.</p>
    \(evidence.indices.map(entry))
    """
  }

  private func entry(_ index: Int) -> Markup {
    let item = evidence[index]
    return """
      <details id="episodes-\(index)"><summary>\(item.episodes.title) <small>\(item.total.grouped)</small></summary>\
      <div>\(item.parts.map { part($0, of: item, index) })</div></details>
      """
  }

  private func part(_ part: Evidence.Part, of item: Evidence, _ index: Int) -> Markup {
    let cell = item.episodes.cells[part.cell]
    let rest = part.events > part.episodes.count ? " and \((part.events - part.episodes.count).grouped) more" : ""
    let name: Markup = item.parts.count > 1 ? "<b>\(cell.checkpoint)</b> " : ""
    return """
      <p class="ids" id="episodes-\(index)-\(part.cell)">\(name)\(part.episodes.map(String.init).joined(separator: ", "))\
      \(rest)<br><code>\(item.episodes.command(cell, run: run))</code></p>
      """
  }
}

extension Predicate {
  /// The name as words.
  var title: String { rawValue.replacing("_", with: " ") }
}
