import Episodes
import Storage

/// The episodes behind each number.
///
/// In the report a count of one cell leads to that cell's page, and a count of several to a list of their pages. Figures
/// that are files have no such pages beside them: their lists name the first episodes and the command that lists all.
struct EvidenceSection {
  private let evidence: [Evidence]
  private let run: String
  private let places: [EpisodeSet: Int]
  private let files: [Cell: EpisodeFile]
  private let named: [Int: EpisodePlace]

  /// - Parameters:
  ///   - files: the pages of the cells' episodes; none for figures that are files.
  ///   - named: where episodes are that the page names by their numbers.
  init(_ evidence: [Evidence], run: String, files: [EpisodeFile] = [], named: [EpisodePlace] = []) {
    self.named = Dictionary(uniqueKeysWithValues: named.map { ($0.episode, $0) })
    self.evidence = evidence
    self.run = run
    self.files = Dictionary(uniqueKeysWithValues: files.map { ($0.cell, $0) })
    places = Dictionary(uniqueKeysWithValues: evidence.enumerated().map { ($1.episodes, $0) })
  }

  /// The anchor of the list behind a mark; `nil` where nothing was counted.
  func anchor(_ episodes: EpisodeSet?) -> Markup? {
    episodes.flatMap { places[$0] }.flatMap { evidence[$0].total > 0 ? "episodes-\($0)" : nil }
  }

  /// Where the episodes behind a count can be read, from the report. A count of zero leads to all episodes of its cell.
  func address(_ episodes: EpisodeSet?) -> Markup? {
    guard let episodes, let first = episodes.cells.first else { return nil }
    guard episodes.cells.count == 1 else { return places[episodes].map { "#episodes-\($0)" } }
    guard let file = files[first] else { return anchor(episodes).map { "#\($0)" } }
    return places[episodes] == nil ? file.address() : file.address(.predicate(episodes.predicate))
  }

  /// A text that leads to the episodes behind a count, or the text alone.
  func link(_ text: Markup, _ episodes: EpisodeSet?) -> Markup {
    address(episodes).map { "<a href=\"\($0)\">\(text)</a>" } ?? text
  }

  /// A text that leads to all episodes of a cell, or the text alone.
  func link(_ text: Markup, _ cell: Cell?) -> Markup {
    cell.flatMap { files[$0] }.map { "<a href=\"\($0.address())\">\(text)</a>" } ?? text
  }

  /// A text that leads to one episode, or the text alone.
  func link(_ text: Markup, episode: Int) -> Markup {
    guard let place = named[episode], let file = files[Cell(place.key)] else { return text }
    return "<a href=\"\(file.address(of: place))\">\(text)</a>"
  }

  /// A piece of a finding, which leads to the episodes that it counts.
  func link(_ piece: LinkedText.Piece) -> Markup {
    let text: Markup = "\(piece.text.unbroken)"
    guard let file = piece.failures.flatMap({ files[$0] }) else { return link(text, piece.episodes) }
    return "<a href=\"\(file.address(.failed))\">\(text)</a>"
  }

  var isEmpty: Bool { evidence.allSatisfy { $0.total == 0 } }

  /// The lists as a page of their own, for figures that are files.
  var page: String {
    let page: Markup = """
      <!DOCTYPE html>
      \(Markup.head("The episodes behind the figures"))<body><main>
      <h1>The episodes behind the figures</h1>
      <p class="note">A list names the first episodes by key; <code>subterfuge show \(run) NUMBER</code> prints one, and the \
      command below a list prints all of it.</p>
      \(evidence.indices.filter { evidence[$0].total > 0 }.map(entry))
      </main></body></html>
      """
    return page.html
  }

  /// The lists behind counts that are pooled over several sequences.
  var markup: Markup {
    let pooled = evidence.indices.filter { evidence[$0].episodes.cells.count > 1 }
    return pooled.isEmpty
      ? ""
      : """
      <h3>Counts of several sequences</h3>
      \(pooled.map(pages))
      """
  }

  /// The pages of one pooled count, one for each cell.
  private func pages(_ index: Int) -> Markup {
    let item = evidence[index]
    let events = Dictionary(uniqueKeysWithValues: item.parts.map { ($0.cell, $0.events) })
    let cells = item.episodes.cells.enumerated().map { place, cell -> Markup in
      let name: Markup = "\(cell.checkpoint) <b>\((events[place] ?? 0).grouped)</b>"
      let filter: EpisodeFilter? = events[place] == nil ? nil : .predicate(item.episodes.predicate)
      return files[cell].map { "<a href=\"\($0.address(filter))\">\(name)</a>" } ?? name
    }
    return """
      <p class="pooled" id="episodes-\(index)"><b>\(item.episodes.title)</b> <small>\(item.total.grouped)</small> \
      \(Markup(joining: cells.map { "<span>\($0)</span>" }))</p>
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
  package var title: String { rawValue.spaced }
}

extension String {
  /// The text with numbers kept on one line with their units and names.
  fileprivate var unbroken: String {
    replacing(" %", with: "\u{a0}%").replacing(" = ", with: "\u{a0}=\u{a0}").replacing(/e-(?=\d)/, with: "e\u{2011}")
  }
}
