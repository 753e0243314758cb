internal import LanguageModels
internal import MLX

// Shapes: B rows, T tokens of the longest row.

/// Which texts of a batch share a row, because they begin alike: the common beginning is computed once, forward and backward.
///
/// A row is what its texts share, then the rest of each. The gradient is that of the texts alone.
package struct RowPacking {
  /// A row of the batch.
  struct Row {
    /// Which texts, in order.
    var texts: [Int]
    /// Tokens that they share; 0 when there is only one.
    var shared = 0
    /// Tokens of the row.
    var length: Int
  }

  let rows: [Row]
  /// T.
  let length: Int
  /// The row of each text, and where what is its own begins there.
  private let homes: [(row: Int, start: Int, shared: Int)]

  /// B.
  var rowCount: Int { rows.count }

  /// A row for each text.
  init(lengths: [Int]) { self.init(lengths.enumerated().map { Row(texts: [$0], length: $1) }, lengths: lengths) }

  /// Rows whose texts are numbered from 0 on.
  private init(_ rows: [Row], lengths: [Int]) {
    var homes = lengths.map { _ in (row: 0, start: 0, shared: 0) }
    for (index, row) in rows.enumerated() {
      var start = row.shared
      for text in row.texts {
        homes[text] = (index, start, row.shared)
        start += lengths[text] - row.shared
      }
    }
    self.rows = rows
    self.homes = homes
    length = max(1, rows.map(\.length).max() ?? 0)
  }

  /// Where a text's token stands in [B, T], counted row by row. Where texts share a token they have it in one place.
  func place(of token: Int, in text: Int) -> Int {
    let home = homes[text]
    return home.row * length + (token < home.shared ? token : home.start + token - home.shared)
  }

  /// The rows of these texts.
  func rows(_ texts: [ArraySlice<Int32>], padding: Int32) throws -> TokenRows {
    var tokens = [Int32](repeating: padding, count: rowCount * length)
    for (index, text) in texts.enumerated() {
      for (token, value) in text.enumerated() { tokens[place(of: token, in: index)] = value }
    }
    let array = try MLXArray(tokens, [rowCount, length])
    guard rows.contains(where: { $0.shared > 0 }) else { return TokenRows(array) }
    return try TokenRows(
      array, lengths: rows.map(\.length), shared: rows.map(\.shared),
      starts: rows.map { row in row.shared == 0 ? [] : row.texts.map { homes[$0].start } })
  }
}

extension RowPacking {
  /// A text as far as it matters here.
  struct Text {
    /// What the model reads.
    let tokens: ArraySlice<Int32>
    /// How many of its first tokens others may share: nothing is predicted from them.
    let open: Int
  }

  /// Texts that are computed together, and how.
  struct Part {
    /// Which texts, in order; the packing numbers them from 0 on.
    let texts: [Int]
    let packing: RowPacking
  }

  /// All texts in parts of at most `tokens` tokens, padding included, but of at least one row; rows of about one length come
  /// together.
  ///
  /// - Parameter shares: whether rows may hold several texts.
  static func parts(_ texts: [Text], tokens: Int, shares: Bool) -> [Part] {
    let lengths = texts.map(\.tokens.count)
    var rows = shares ? shared(texts, most: tokens) : lengths.enumerated().map { Row(texts: [$0], length: $1) }
    rows.sort { ($0.length, $0.texts[0]) < ($1.length, $1.texts[0]) }
    return BatchPlan.cut(Array(rows.indices), lengths: rows.map(\.length), tokens: tokens).map { indices in
      let chosen = indices.flatMap { rows[$0].texts }
      var next = 0
      let renumbered = indices.map { index in
        var row = rows[index]
        row.texts = row.texts.indices.map { next + $0 }
        next += row.texts.count
        return row
      }
      return Part(texts: chosen, packing: RowPacking(renumbered, lengths: chosen.map { lengths[$0] }))
    }
  }

  /// Tokens that texts of a row share at least.
  private static let leastShared = 16

  /// Rows of texts that begin alike. In the order of their tokens, a text joins the row before it where that saves more than
  /// what the row has to give up of its common beginning.
  private static func shared(_ texts: [Text], most tokens: Int) -> [Row] {
    let order = texts.indices.sorted { a, b in
      texts[a].tokens.lexicographicallyPrecedes(texts[b].tokens)
        || (!texts[b].tokens.lexicographicallyPrecedes(texts[a].tokens) && a < b)
    }
    var rows: [Row] = []
    var whole = 0  // tokens of the last row's texts, each counted alone
    for text in order {
      let (own, open) = (texts[text].tokens.count, texts[text].open)
      if var row = rows.last, let first = row.texts.first {
        let before = row.texts.count == 1 ? texts[first].open : row.shared
        let common = zip(texts[first].tokens.prefix(min(before, open)), texts[text].tokens).prefix { $0 == $1 }.count
        let count = row.texts.count
        let length = whole + own - count * common
        if common >= leastShared, count * common > (count - 1) * row.shared, length <= tokens {
          row.texts.append(text)
          (row.shared, row.length) = (common, length)
          rows[rows.count - 1] = row
          whole += own
          continue
        }
      }
      rows.append(Row(texts: [text], length: own))
      whole = own
    }
    return rows
  }
}

extension RowPacking.Text {
  /// What a model reads of an example: all but its last token.
  init(_ example: TrainingExample) {
    let first = example.weights.indices.dropFirst().first { example.weights[$0] != 0 } ?? example.tokens.count
    self.init(tokens: example.tokens.dropLast(), open: first - 1)
  }
}
