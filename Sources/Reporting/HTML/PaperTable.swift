/// Our rates in the held-out environment beside those that the paper published for another model.
struct PaperTable {
  let lines: [PaperLine]
  let evidence: EvidenceSection

  var markup: Markup {
    """
    <h3>Beside the paper</h3>
    <p>The right half is not measured here. It is what Denison et al. (2024, arXiv 2406.10162) published of their own model, \
    which is far larger and was trained on other prompts; agreement of single numbers is not to be expected.</p>
    <table class="plain stack paper"><thead><tr><th>This run</th><th>Overwrite</th><th>Overwrite and pass</th>\
    <th class="theirs">The paper’s model</th><th class="theirs">Overwrite</th><th class="theirs">Overwrite and pass</th></tr></thead>
    <tbody>\(lines.map(row))</tbody></table>
    """
  }

  private func row(_ line: PaperLine) -> Markup {
    """
    <tr><td data-label="This run">\(line.ours)</td><td data-label="Overwrite, here">\(text(line.overwrite))</td>\
    <td data-label="Overwrite and pass, here">\(text(line.overwriteAndPass))</td>\
    <td class="theirs" data-label="The paper’s model">\(line.paper.title)</td>\
    <td class="theirs" data-label="Overwrite, the paper’s model">\(line.paper.overwrite.text)</td>\
    <td class="theirs" data-label="Overwrite and pass, the paper’s model">\(line.paper.overwriteAndPass.text)</td></tr>
    """
  }

  /// Rate, counts and interval, or a dash.
  private func text(_ estimate: Estimate?) -> Markup {
    estimate.map { "\($0.rateText) (\(evidence.link("\($0.countText)", $0.episodes)); \($0.interval.percent))" } ?? "—"
  }
}

extension PaperFigure.Value? {
  /// A rate with its n, or a dash.
  fileprivate var text: String { self?.text ?? "—" }
}
