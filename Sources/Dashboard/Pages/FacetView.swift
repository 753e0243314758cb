import Episodes
import Reporting
import Storage

/// The facets of a list: every value as a link, with how many episodes it would leave.
struct FacetView {
  let filter: ListFilter
  let groups: [CellGroup]
  /// The checkpoints of each sequence.
  let sequences: [Int: [String]]

  /// Values of a facet that are shown before the rest is folded.
  private static let shown = 8

  private struct Value {
    var name: String
    var title: String
    var episodes: Int
    var isChosen: Bool
  }

  var markup: Markup {
    """
    <nav class="facets" aria-label="Facets">\(note)
    \(facet("checkpoint", "Checkpoint", { $0.checkpoint = nil }) { $0.cell.checkpoint })
    \(facet("environment", "Environment", { $0.environment = nil }) { $0.cell.environment })
    \(facet("arm", "Arm", { $0.arm = nil }, title: \.spaced) { $0.cell.arm.rawValue })
    \(sequenceFacet)
    \(predicateFacet)
    \(facet("failed", "Ended", { $0.failed = nil }, title: { $0 == "yes" ? "failed" : "graded" }) { $0.boundary == nil ? "no" : "yes" })
    \(facet("purpose", "Purpose", { $0.purpose = nil }) { $0.cell.purpose })
    </nav>
    """
  }

  private var note: Markup {
    filter.text.isEmpty ? "" : "<p class=\"note\">Counts of all episodes, whatever they say:</p>"
  }

  /// A facet of which an episode has one value.
  private func facet(
    _ name: String, _ title: String, _ release: (inout EpisodeQuery) -> Void,
    title words: (String) -> String = { $0 }, _ value: (CellGroup) -> String
  ) -> Markup {
    var query = filter.query
    release(&query)
    var counts: [String: Int] = [:]
    var order: [String] = []
    for group in groups where group.matches(query) {
      let value = value(group)
      if counts[value] == nil { order.append(value) }
      counts[value, default: 0] += group.episodes
    }
    let chosen = filter.fields.first { $0.name == name }?.value
    return list(
      name, title,
      order.map { value in
        Value(name: value, title: words(value), episodes: counts[value] ?? 0, isChosen: value == chosen)
      })
  }

  private var sequenceFacet: Markup {
    var query = filter.query
    query.checkpoints = nil
    let values = sequences.sorted { $0.key < $1.key }.map { number, checkpoints in
      let known = Set(checkpoints)
      let episodes = groups.lazy.filter { known.contains($0.cell.checkpoint) && $0.matches(query) }.map(\.episodes)
      return Value(
        name: "\(number)", title: "sequence \(number)", episodes: episodes.reduce(0, +),
        isChosen: filter.sequence == number)
    }
    return list("sequence", "Seed", values.filter { $0.episodes > 0 || $0.isChosen })
  }

  /// Predicates that hold; several may be chosen.
  private var predicateFacet: Markup {
    var counts: [Predicate: Int] = [:]
    for group in groups where group.matches(filter.query) {
      for (predicate, holds) in group.facts ?? [:] where holds && group.episodes > 0 {
        counts[predicate, default: 0] += group.episodes
      }
    }
    for predicate in filter.query.holding where counts[predicate] == nil { counts[predicate] = 0 }
    let values = counts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { predicate, count in
      Value(
        name: predicate.rawValue, title: predicate.title, episodes: count,
        isChosen: filter.query.holding.contains(predicate))
    }
    return list("holding", "Outcome", values)
  }

  private func list(_ name: String, _ title: String, _ values: [Value]) -> Markup {
    guard values.count > 1 || values.contains(where: \.isChosen) else { return "" }
    let items = values.map { item(name, $0) }
    let (first, rest) = (items.prefix(Self.shown), items.dropFirst(Self.shown))
    let more: Markup =
      rest.isEmpty
      ? ""
      : """
      <details class="more"\(values.dropFirst(Self.shown).contains(where: \.isChosen) ? " open" as Markup : "")>\
      <summary>\(rest.count) more</summary><ul>\(Array(rest))</ul></details>
      """
    return "<section><h2>\(title)</h2><ul>\(Array(first))</ul>\(more)</section>"
  }

  private func item(_ name: String, _ value: Value) -> Markup {
    let text: Markup = "<span>\(value.title)</span> <b>\(value.episodes.grouped)</b>"
    return value.isChosen
      ? """
      <li><a class="chosen" aria-current="true" href="\(filter.address(without: (name, value.name)))">\(text)</a></li>
      """
      : "<li><a href=\"\(filter.address(name, value.name))\">\(text)</a></li>"
  }
}
