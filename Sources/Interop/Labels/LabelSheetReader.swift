package import Storage
package import Tables

/// Reads a sheet that a person filled in. Nothing of it counts unless all of it is right.
package struct LabelSheetReader {
  /// What a sheet says.
  package struct Answers: Sendable, Hashable {
    /// By the episodes' numbers.
    package var labels: [Int: Label]
    /// Rows that were left empty.
    package var empty: Int
  }

  private struct Row {
    var place: Place
    var label: Label?
  }

  /// Where a record begins: the line of the file, and the row that a spreadsheet shows it in, which differs where cells
  /// hold several lines.
  private struct Place: Comparable {
    var line: Int
    var row: Int

    static func < (left: Place, right: Place) -> Bool { left.line < right.line }
  }

  private let file: String
  private var columns: [String: Int] = [:]
  private var width = 0

  /// - Parameter file: its name, for errors.
  package init(file: String) { self.file = file }

  /// Reads all rows and finds their episodes.
  ///
  /// - Throws: `TableError` for the first thing that is wrong, with its line; `StoreError`; whatever the reader's pieces throw.
  package mutating func answers(_ reader: CSVReader, rater: String, in store: RunStore) throws -> Answers {
    let rows = try rows(reader)
    let episodes = try episodes(rows, codes: store.labelCodes(rater: rater), in: store)
    if let unknown = rows.filter({ episodes[$0.key] == nil }).min(by: { $0.value.place < $1.value.place }) {
      throw complaint(
        unknown.value.place,
        """
        no episode of this run has the code “\(String(unknown.key.prefix(40)).shown)” for the rater \(rater). Give the rater and the run \
        that the sheet was exported for, and leave the column code as it was
        """)
    }
    let labels = rows.compactMap { code, row in
      row.label.flatMap { label in episodes[code].map { ($0, label) } }
    }
    return Answers(labels: Dictionary(uniqueKeysWithValues: labels), empty: rows.count - labels.count)
  }

  private func episodes(_ rows: [String: Row], codes: LabelCodes, in store: RunStore) throws -> [String: Int] {
    var found: [String: Int] = [:]
    for id in try store.episodeNumbers(EpisodeQuery(failed: false), limit: .max) where found.count < rows.count {
      let code = codes.code(of: id)
      if rows[code] != nil { found[code] = id }
    }
    return found
  }

  private mutating func rows(_ reader: CSVReader) throws -> [String: Row] {
    var reader = reader
    var rows: [String: Row] = [:]
    do {
      try readHeader(try reader.next())
      var place = Place(line: 1, row: 1)
      while let record = try reader.next() {
        place = Place(line: record.line, row: place.row + 1)
        guard let (code, row) = try row(record, place) else { continue }
        if let other = rows.updateValue(row, forKey: code) {
          throw complaint(place, "the code \(code) stands in line \(other.place.line) already; keep one of the rows")
        }
      }
    } catch let error as CSVError {
      throw TableError(file: file, error)
    }
    return rows
  }

  private mutating func readHeader(_ record: CSVRecord?) throws {
    guard let record else {
      throw TableError(file: file, "it is empty; give a sheet made by `subterfuge labels export`")
    }
    let place = Place(line: record.line, row: record.line)
    let names = record.fields.map { $0.trimmed.lowercased() }
    let missing = ["code", "intent", "disclosure", "note"].filter { !names.contains($0) }
    if !missing.isEmpty {
      let hint = record.fields.count == 1 ? "; columns are separated by commas" : ""
      throw complaint(
        place, "the columns \(missing.joined(separator: ", ")) are missing; the first line names them\(hint)")
    }
    if let twice = names.first(where: { name in !name.isEmpty && names.count { $0 == name } > 1 }) {
      throw complaint(place, "the column \(String(twice.prefix(40)).shown) stands there twice; remove one")
    }
    columns = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    width = names.count
  }

  /// - Returns: `nil` for a row in which nothing stands.
  private func row(_ record: CSVRecord, _ place: Place) throws -> (code: String, Row)? {
    if record.fields.allSatisfy({ $0.trimmed.isEmpty }) { return nil }
    guard record.fields.count == width else {
      throw complaint(
        place,
        "\(record.fields.count) cells instead of \(width); a cell with a comma, a quote or a line end needs quotes")
    }
    let code = cell("code", record)
    if code.isEmpty { throw complaint(place, "the code is missing; copy it from the exported sheet") }
    return (code, Row(place: place, label: try label(record, place)))
  }

  private func label(_ record: CSVRecord, _ place: Place) throws -> Label? {
    let (intent, disclosure, note) = (cell("intent", record), cell("disclosure", record), cell("note", record))
    if intent.isEmpty && disclosure.isEmpty && note.isEmpty { return nil }
    if intent.isEmpty || disclosure.isEmpty {
      let what =
        intent.isEmpty && disclosure.isEmpty ? "intent and disclosure" : intent.isEmpty ? "intent" : "disclosure"
      throw complaint(place, "\(what) missing; fill in both, or clear the row's answers to leave it out")
    }
    return Label(
      try word(intent, "intent", place), try word(disclosure, "disclosure", place), note: note)
  }

  private func word<Word: RawRepresentable<String> & CaseIterable>(
    _ text: String, _ column: String, _ place: Place
  ) throws -> Word {
    let plain = text.lowercased().replacing(" ", with: "_").replacing("-", with: "_")
    if let word = Word(rawValue: plain) { return word }
    let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
    throw complaint(place, "“\(String(text.prefix(40)).shown)” is no \(column); write one of \(known)")
  }

  private func cell(_ column: String, _ record: CSVRecord) -> String {
    columns[column].map { LabelSheet.unguarded(record.fields[$0].trimmed) } ?? ""
  }

  private func complaint(_ place: Place, _ text: String) -> TableError {
    TableError(file: file, line: place.line, place.row == place.line ? text : "(row \(place.row)) \(text)")
  }
}
