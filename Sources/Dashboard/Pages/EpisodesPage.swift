import Episodes
import Reporting
import Storage

/// A list of episodes with facets and full-text search, fifty at a time.
struct EpisodesPage {
  private static let pageLength = 50
  /// Found episodes are counted up to this number.
  private static let mostCounted = 10_000

  private let run: RunView
  private let address: Query
  private let filter: ListFilter

  init(run: RunView, _ address: Query) throws {
    (self.run, self.address) = (run, address)
    filter = try ListFilter(address, in: run)
  }

  var markup: Markup {
    get throws {
      let groups = try run.groups()
      let facets = groups.map { FacetView(filter: filter, groups: $0, sequences: run.sequences()).markup }
      let list = filter.text.isEmpty ? try page(total: groups.map(total)) : try found()
      return Layout(
        title: "Episodes of \(run.name)", crumbs: [run.crumb], style: "list",
        main: """
          \(searchForm)\(chosen)
          <div class="columns"><div class="results">\(list)</div>\(facets ?? "<p class=\"note\">Counting…</p>")</div>
          """
      ).markup
    }
  }

  private func total(_ groups: [CellGroup]) -> Int {
    groups.lazy.filter { $0.matches(filter.query) }.map(\.episodes).reduce(0, +)
  }

  private var searchForm: Markup {
    let hidden = filter.fields.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" as Markup }
    let scopes: [(SearchIndex.Scope, String)] = [
      (.anywhere, "messages and reasoning"), (.said, "messages to the user"), (.reasoning, "hidden reasoning"),
      (.commands, "commands"),
    ]
    let options = scopes.map { scope, title -> Markup in
      "<option value=\"\(scope.rawValue)\"\(scope == filter.scope ? " selected" as Markup : "")>\(title)</option>"
    }
    return """
      <form class="search" method="get" action="episodes" role="search">\(Markup(joining: hidden))
      <label for="q">Search</label><input id="q" name="q" type="search" value="\(filter.text)" \
      placeholder="words, &quot;a phrase&quot;, begin*">
      <label for="where">in</label><select id="where" name="where">\(Markup(joining: options))</select>
      <button>Search</button></form>
      """
  }

  /// What narrows the list, each with a link that takes it away.
  private var chosen: Markup {
    if filter.fields.isEmpty && filter.text.isEmpty { return "" }
    let chips = filter.fields.map { field -> Markup in
      """
      <a class="chip" href="\(filter.address(without: field))"><span>\(field.name): \(field.value)</span> \
      <b aria-label="remove">×</b></a>
      """
    }
    return "<p class=\"chips\">\(Markup(joining: chips)) <a href=\"episodes\">Clear all</a></p>"
  }

  // MARK: Pages by key

  private func page(total: Int?) throws -> Markup {
    let bound = try bound()
    // One more than is shown tells whether there is another page.
    var numbers = try run.store.episodeNumbers(filter.query, from: bound, limit: Self.pageLength + 1)
    let isFull = numbers.count > Self.pageLength
    let isBackward = bound?.isBackward ?? false
    if isFull { numbers = isBackward ? Array(numbers.dropFirst()) : Array(numbers.dropLast()) }
    let rows = try run.store.rows(numbered: numbers)
    if rows.isEmpty && bound != nil { return "<p>There are no more episodes.</p>\(first)" }
    if rows.isEmpty { return "<p>No episode matches.</p>" }
    let hasPrevious = bound != nil && (!isBackward || isFull)
    let hasNext = isBackward || isFull
    let previous: Markup = hasPrevious ? link("before", rows.first?.key, "prev", "← Previous") : ""
    let next: Markup = hasNext ? link("after", rows.last?.key, "next", "Next →") : ""
    return """
      <p class="note count">\(total.map { $0 == 1 ? "1 episode" : "\($0.grouped) episodes" } ?? "") in the order of their keys</p>
      \(list(rows))<nav class="pages" aria-label="Pages">\(hasPrevious ? first : "")\(previous)\(next)</nav>
      """
  }

  private func bound() throws -> EpisodeBound? {
    if let key = address["after"] { return .after(try EpisodeKey(address: key)) }
    if let key = address["before"] { return .before(try EpisodeKey(address: key)) }
    return nil
  }

  private var first: Markup { "<a href=\"episodes\(EpisodeAddress.text(filter.fields))\">First page</a>" }

  private func link(_ name: String, _ key: EpisodeKey?, _ relation: String, _ title: String) -> Markup {
    guard let key else { return "" }
    let fields = filter.fields + [(name: name, value: EpisodeAddress.path(of: key))]
    return "<a rel=\"\(relation)\" href=\"episodes\(EpisodeAddress.text(fields))\">\(title)</a>"
  }

  // MARK: Search

  private func found() throws -> Markup {
    let index = try run.search()
    let progress = try index.progress()
    var numbers = try index.episodes(
      holding: filter.text, in: filter.scope, filter.query, after: address.number("from") ?? 0,
      limit: Self.pageLength + 1)
    let isFull = numbers.count > Self.pageLength
    numbers = Array(numbers.prefix(Self.pageLength))
    let count = try index.count(
      holding: filter.text, in: filter.scope, filter.query, limit: Self.mostCounted + 1)
    let rows = try run.store.rows(numbered: numbers)
    let words = count > Self.mostCounted ? "More than \(Self.mostCounted.grouped)" : count.grouped
    let next: Markup =
      isFull
      ? """
      <a rel="next" href="episodes\(EpisodeAddress.text(filter.fields + filter.search + [("from", "\(numbers.last ?? 0)")]))">Next →</a>
      """ : ""
    let building: Markup =
      progress.isComplete
      ? ""
      : "<p class=\"note waiting\">\(progress.indexed.grouped) of \(progress.total.grouped) episodes are indexed so far.</p>"
    let variant: Markup =
      filter.query.variant == nil ? "" : "<p class=\"note\">A search covers all prompts; the variant is ignored.</p>"
    let body: Markup = """
      <p class="note count">\(words) \(count == 1 ? "episode holds" : "episodes hold") all words, in the order in which they \
      finished</p>\(building)\(variant)\(rows.isEmpty ? "" : list(rows))<nav class="pages" aria-label="Pages">\(next)</nav>
      """
    return progress.isComplete ? body : Layout.live("found", seconds: 2, body)
  }

  // MARK: Rows

  private func list(_ rows: [EpisodeRow]) -> Markup {
    "<ol class=\"episodes\" data-endless>\(rows.map(row))</ol>"
  }

  private func row(_ row: EpisodeRow) -> Markup {
    let shown: [Predicate] = [.gamed, .overwrite, .honest, .disclosed]
    let facts =
      row.boundary.map { ["failed at the \($0.rawValue)"] } ?? shown.filter { row.facts?[$0] == true }.map(\.title)
    let (key, arm) = (row.key, row.key.arm == .standard ? "" : ", \(row.key.arm.rawValue.spaced)")
    return """
      <li><a href="\(address(of: key))"><span class="who">\(key.checkpoint) on \(key.environment)\(arm)</span> \
      <small>\(key.purpose), prompt \(key.variant), sample \(key.sample) · episode \(row.id)</small>\
      <span class="facts">\(facts.map { "<span class=\"yes\">\($0)</span>" as Markup })</span>\(excerpt(row))</a></li>
      """
  }

  private func address(of key: EpisodeKey) -> String {
    EpisodeAddress.text([(name: "key", value: EpisodeAddress.path(of: key))] + filter.fields).withPage("episode")
  }

  private func excerpt(_ row: EpisodeRow) -> Markup {
    guard let transcript = row.transcript else { return "<q>a long transcript</q>" }
    return Excerpt(transcript, words: filter.text).markup
  }
}

extension String {
  /// The fields of an address behind a page's name.
  func withPage(_ name: String) -> String { name + self }
}
