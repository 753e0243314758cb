import Episodes

/// The episodes behind each number, by their numbers in the store, with the command that lists them all.
struct EvidenceSection {
  let evidence: [Evidence]
  let run: String

  /// The anchor of the list behind a cell; `nil` where nothing was counted.
  func anchor(_ row: Matrix.Row, _ column: Matrix.Column) -> Markup? {
    let index = evidence.firstIndex {
      $0.row == row.name && $0.environment == column.environment
        && $0.predicate == column.measure.predicate
    }
    return index.map { "evidence-\($0)" }
  }

  var markup: Markup { "\(evidence.indices.map(entry))" }

  private func entry(_ index: Int) -> Markup {
    let item = evidence[index]
    let rest = item.total > item.named ? " and \((item.total - item.named).grouped) more" : ""
    let ids = item.parts.map { part in
      (item.parts.count > 1 ? "\(part.checkpoint): " : "") + part.episodes.map(String.init).joined(separator: ", ")
    }
    return """
      <details id="evidence-\(index)"><summary>\(item.row) on \(item.environment): \(item.predicate.title) \
      <small>\(item.total.grouped)</small></summary><div><p class="ids">\
      \(ids.joined(separator: "; "))\(rest)</p>
      <p class="note"><code>subterfuge episodes \(run) --checkpoint \(item.parts.first?.checkpoint ?? "") \
      --environment \(item.environment) --holding \(item.predicate.rawValue)</code></p></div></details>
      """
  }
}

extension Predicate {
  /// The name as words.
  var title: String { rawValue.replacing("_", with: " ") }
}
