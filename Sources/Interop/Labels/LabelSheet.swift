package import Storage
import Tables

/// A list of episodes as a file of comma-separated values, for labelling in a spreadsheet.
///
/// Cells that a spreadsheet would take for a formula get an apostrophe before them, and cells that are too long for one are
/// cut.
package enum LabelSheet {
  static let columns = ["item", "code", "prompt", "transcript", "changes", "intent", "disclosure", "note"]

  /// Spreadsheets hold 32,767 UTF-16 units in a cell.
  static let cellLimit = 30_000

  /// What is left to read of a rater's list, in their order, with empty columns for the answers.
  ///
  /// - Throws: `StoreError`.
  package static func text(_ queue: LabelQueue, in store: RunStore) throws -> String {
    let codes = try store.labelCodes(rater: queue.rater)
    let blinding = try Blinding(store)
    var sheet = CSVText(header: columns)
    for item in queue.items {
      guard let stored = try store.episode(id: item.episode) else { throw StoreError.unknownEpisode("\(item.episode)") }
      let shown = ReadableTranscript(stored.episode, blinding)
      let texts = [shown.prompt, shown.answer, shown.changes].map(cell)
      sheet.add(["\(item.position)", codes.code(of: item.episode)] + texts + ["", "", ""])
    }
    return sheet.text
  }

  private static func cell(_ text: String) -> String {
    guard text.utf16.count > cellLimit else { return guarded(text) }
    let end = text.utf16.index(text.startIndex, offsetBy: cellLimit)
    return guarded(text[..<end] + "\n[cut here: too long for a cell; `subterfuge label` shows all]\n")
  }

  /// The text with an apostrophe before it where a spreadsheet would take it for a formula.
  static func guarded(_ text: String) -> String { isFormula(text) ? "'" + text : text }

  /// The text as it was before `guarded`.
  static func unguarded(_ text: String) -> String {
    text.first == "'" && isFormula(text.dropFirst()) ? String(text.dropFirst()) : text
  }

  private static func isFormula(_ text: some StringProtocol) -> Bool {
    text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
  }
}
