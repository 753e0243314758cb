import Storage

/// A matrix as a heat map with its numbers.
struct MatrixSection {
  let matrix: Matrix
  /// The style of the section: `gaming` or `honest`.
  let style: String
  /// Where the episodes behind a cell are listed, by row and column; `nil` where there are none.
  let evidence: (Matrix.Row, Matrix.Column) -> Markup?

  var markup: Markup {
    """
    <div class="scroll"><table class="matrix \(style)">
    <thead><tr><th>Checkpoint</th>\(matrix.columns.map(heading))</tr></thead>
    \(groups.map(body))
    </table></div>
    \(note)
    """
  }

  private var note: Markup {
    """
    <p class="note">Share of graded episodes, events over episodes, exact 95 % interval (Clopper-Pearson) and p of \
    Fisher’s exact test against \(matrix.baseline?.checkpoint.name ?? "the start"). ▲ and ▼ mark p &lt; 0.001; \
    \(matrix.comparisons) cells are compared. A frame marks environments that the checkpoint was trained on. Episodes are \
    counted as independent draws although some share a prompt.</p>
    """
  }

  private func heading(_ column: Matrix.Column) -> Markup {
    """
    <th scope="col">\(column.environmentTitle)<small>\(column.subtitle)</small></th>
    """
  }

  /// Rows with the same curriculum, in order.
  private var groups: [[Matrix.Row]] {
    matrix.rows.reduce(into: []) { groups, row in
      if let last = groups.last?.last, last.checkpoint.branch == row.checkpoint.branch {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
      }
    }
  }

  private func body(_ rows: [Matrix.Row]) -> Markup {
    let name = rows.first?.checkpoint.branch.map { "The condition \($0.name)" } ?? "Before training"
    return """
      <tbody class="group"><tr><th class="group" colspan="\(matrix.columns.count + 1)">\(name)</th></tr>
      \(rows.map { row -> Markup in
        let cells = zip(matrix.columns, row.cells).map { self.cell($1, row, $0) }
        return "<tr><th scope=\"row\">\(row.checkpoint.name)</th>\(cells)</tr>"
      })</tbody>
      """
  }

  private func cell(_ cell: Matrix.Cell?, _ row: Matrix.Row, _ column: Matrix.Column) -> Markup {
    let label = "\(column.environmentTitle)\(column.subtitle.isEmpty ? "" : ": ")\(column.subtitle)"
    guard let cell else { return "<td class=\"none\" data-label=\"\(label)\">not measured</td>" }
    let estimate = cell.estimate
    let counts: Markup = "\(estimate.countText)"
    let linked = evidence(row, column).map { "<a href=\"#\($0)\">\(counts)</a>" as Markup } ?? counts
    return """
      <td class="\(cell.isTrained ? "trained" : "")" style="--heat:\(heat(estimate.rate ?? 0))" data-label="\(label)">\
      <b>\(estimate.rateText)</b><span>\(linked)</span><span>\(estimate.interval.percent)</span>\
      <span>\(cell.comparison?.text ?? "")</span></td>
      """
  }

  /// How much of the hue a rate gets, in per cent: by its square root, so that rare events can be seen, and never so much
  /// that text loses contrast.
  private func heat(_ rate: Double) -> Int { Int((rate.squareRoot() * 58).rounded()) }
}

extension Matrix.Column {
  /// What the column counts and whether its environment is held out: `overwrite, held out`.
  var subtitle: String { [measure.title, isHeldOut ? "held out" : ""].filter { !$0.isEmpty }.joined(separator: ", ") }
}
