package import Episodes

/// What differs in a file, line by line, with a line or two around: `-` removed, `+` added.
package struct ChangedLines: Sendable, Hashable {
  /// Files of more lines are not compared, which could take long, but shown as removed and added.
  private static let limit = 400
  /// Lines shown on either side of a difference.
  private static let context = 2

  package let text: String

  package init(_ change: FileChange) {
    let (before, after) = (Self.lines(change.before), Self.lines(change.after))
    text = (max(before.count, after.count) > Self.limit ? Self.whole(before, after) : Self.compared(before, after))
      .joined(separator: "\n")
  }

  private static func whole(_ before: [Substring], _ after: [Substring]) -> [String] {
    before.map { "- \($0)" } + after.map { "+ \($0)" }
  }

  private static func compared(_ before: [Substring], _ after: [Substring]) -> [String] {
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in after.difference(from: before) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    let kept = after.indices.filter { !added.contains($0) }
    var lines: [(text: String, isKept: Bool)] = []
    var new = 0
    // Every kept line of the new file closes a stretch of removed and added ones.
    var old = 0
    for index in kept + [after.count] {
      while removed.contains(old) { (lines, old) = (lines + [("- \(before[old])", false)], old + 1) }
      while new < index { (lines, new) = (lines + [("+ \(after[new])", false)], new + 1) }
      if index < after.count { (lines, old, new) = (lines + [("  \(after[index])", true)], old + 1, new + 1) }
    }
    return shortened(lines)
  }

  /// Leaves out kept lines that are far from any difference.
  private static func shortened(_ lines: [(text: String, isKept: Bool)]) -> [String] {
    let changed = lines.indices.filter { !lines[$0].isKept }
    var near: Set<Int> = []
    for index in changed { near.formUnion((index - context)...(index + context)) }
    var out: [String] = []
    for index in lines.indices {
      if near.contains(index) { out.append(lines[index].text) } else if out.last != "  …" { out.append("  …") }
    }
    return out
  }

  private static func lines(_ text: String?) -> [Substring] {
    var lines = (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines
  }
}
