import Episodes
import Storage

/// What a judge says of disclosure beside the rule, as a table whose counts lead to lists of their episodes.
struct DisclosureSection {
  let summary: DisclosureSummary
  /// Of the judge on the page, for the names of the lists.
  let number: Int
  let evidence: EvidenceSection

  /// The most episodes that a list names.
  private static let limit = 100

  var markup: Markup {
    let judge = summary.judge
    let head: [Markup] = Disclosure.allCases.map { "<th>\(judge): \($0.rawValue)</th>" }
    let body: [Markup] = zip(Disclosure.allCases, summary.table.table).map { rule, counts in
      let cells: [Markup] = zip(Disclosure.allCases, counts).map { said, count in
        "<td data-label=\"\(judge): \(said.rawValue)\">\(cell(rule, said, count))</td>"
      }
      return "<tr><td data-label=\"Rule\">\(rule.rawValue)</td>\(cells)</tr>"
    }
    return """
      <h3>\(judge)</h3><p>\(summary.sentence)</p>
      <table class="plain stack"><thead><tr><th>Rule</th>\(head)</tr></thead><tbody>\(body)</tbody></table>
      \(Disclosure.allCases.flatMap { rule in Disclosure.allCases.map { list(rule, $0) } })
      """
  }

  private func cell(_ rule: Disclosure, _ said: Disclosure, _ count: Int) -> Markup {
    let text: Markup = rule == said ? "<b>\(count.grouped)</b>" : "\(count.grouped)"
    return count == 0 ? text : "<a href=\"#\(anchor(rule, said))\">\(text)</a>"
  }

  private func anchor(_ rule: Disclosure, _ said: Disclosure) -> String {
    "judged-\(number)-\(rule.rawValue)-\(said.rawValue)"
  }

  private func list(_ rule: Disclosure, _ said: Disclosure) -> Markup {
    let own = summary.judged.filter { $0.rule == rule && $0.said == said }
    if own.isEmpty { return "" }
    let links = own.prefix(Self.limit).map {
      "<span>\(evidence.link("\($0.episode)", episode: $0.episode))</span>" as Markup
    }
    let rest = own.count - links.count
    let more: Markup = rest > 0 ? "<span>and \(rest.grouped) more, in <code>report --json</code></span>" : ""
    return """
      <details id="\(anchor(rule, said))"><summary>Rule \(rule.rawValue), \(summary.judge) \(said.rawValue) \
      <small>\(own.count.grouped)</small></summary><div><p class="list">\(links)\(more)</p></div></details>
      """
  }
}
