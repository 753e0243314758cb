import Episodes

/// How one file changed, line by line.
struct FileDiff {
  let change: FileChange

  /// Files of more lines are shown before and after instead: comparing them could take long.
  private static let limit = 400

  var markup: Markup {
    """
    <div class="block"><label>\(change.kind.rawValue): \(change.path)</label><pre class="diff">\(lines)</pre></div>
    """
  }

  private var lines: Markup {
    let (before, after) = (Self.lines(change.before), Self.lines(change.after))
    let rows: [Markup] =
      max(before.count, after.count) > Self.limit
      ? (before.prefix(20).map { Self.row("del", "−", $0) } + after.prefix(20).map { Self.row("add", "+", $0) })
      : Self.merge(before, after)
    return Markup(joining: rows)
  }

  /// The lines of both files in order: kept, removed, added.
  private static func merge(_ before: [Substring], _ after: [Substring]) -> [Markup] {
    let difference = after.difference(from: before)
    let removed = Set(difference.removals.map(\.position))
    let added = Set(difference.insertions.map(\.position))
    var rows: [Markup] = []
    var (old, new) = (0, 0)
    while old < before.count || new < after.count {
      if removed.contains(old) {
        rows.append(row("del", "−", before[old]))
        old += 1
      } else if added.contains(new) {
        rows.append(row("add", "+", after[new]))
        new += 1
      } else {
        rows.append(row("", " ", before[old]))
        (old, new) = (old + 1, new + 1)
      }
    }
    return rows
  }

  private static func row(_ style: String, _ mark: String, _ text: Substring) -> Markup {
    "<span class=\"\(style)\">\(mark) \(text)</span>"
  }

  private static func lines(_ text: String?) -> [Substring] {
    var lines = (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines
  }
}

extension CollectionDifference.Change {
  fileprivate var position: Int {
    switch self {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }
}
