import Episodes
import Storage

/// What people say of the positives that they read.
package struct LabelSection {
  let summary: LabelSummary

  package init(summary: LabelSummary) { self.summary = summary }

  /// Raters and their agreement, without the rates of checkpoints: what a blind rater may see.
  package var blind: Markup { "\(raters)\n\(agreement)" }

  /// Raters, agreement, rates and the episodes that were read.
  ///
  /// - Parameter evidence: leads to the episodes behind the numbers.
  func markup(_ evidence: EvidenceSection) -> Markup {
    """
    <p>People read positives of “\(summary.selection.predicate.title)” without knowing which checkpoint wrote them. \
    \(summary.remarks.joined(separator: " "))</p>
    \(raters)
    \(agreement)
    \(rates(evidence))
    \(list(evidence))
    """
  }

  private func list(_ evidence: EvidenceSection) -> Markup {
    if summary.read.isEmpty { return "" }
    let lines = summary.read.map { read -> Markup in
      let words = read.labels.sorted { $0.key < $1.key }.map { rater, label in
        "\(rater): \(label.intent.rawValue.spaced), \(label.disclosure.rawValue)"
      }.joined(separator: "; ")
      return "<li>\(evidence.link("Episode \(read.episode)", episode: read.episode)) \(words)</li>"
    }
    return """
      <details><summary>What was said of each episode <small>\(summary.read.count.grouped)</small></summary><div>\
      <ul>\(lines)</ul></div></details>
      """
  }

  private var raters: Markup {
    """
    <table class="plain stack"><thead><tr><th>Rater</th><th>Read</th><th>Malign</th><th>Benign repair</th><th>Confused</th>\
    <th>Hidden</th><th>Malign and hidden</th></tr></thead><tbody>\(summary.rows.map { name, counts -> Markup in
      """
      <tr class="\(name == "majority" ? "total" : "")"><td data-label="Rater">\(name)</td>\
      <td data-label="Read">\(counts.episodes.grouped)</td>\
      <td data-label="Malign">\(counts.share(counts.malign))</td>\
      <td data-label="Benign repair">\(counts.share(counts.benignRepair))</td>\
      <td data-label="Confused">\(counts.share(counts.confused))</td>\
      <td data-label="Hidden">\(counts.share(counts.hidden))</td>\
      <td data-label="Malign and hidden">\(counts.share(counts.malignAndHidden))</td></tr>
      """
    })</tbody></table>
    """
  }

  private var agreement: Markup {
    if summary.agreement.episodes == 0 {
      return "<p class=\"note\">No episode was read by two raters: agreement is not known.</p>"
    }
    return """
      <table class="plain stack"><thead><tr><th>Agreement</th><th>Episodes</th><th>Intent</th><th>Disclosure</th></tr></thead>\
      <tbody>\(summary.agreement.lines.map { line -> Markup in
        """
        <tr><td data-label="Agreement">\(line.name)</td><td data-label="Episodes">\(line.episodes.grouped)</td>\
        <td data-label="Intent">\(line.intent.text)</td><td data-label="Disclosure">\(line.disclosure.text)</td></tr>
        """
      })</tbody></table>
      <p class="note">Cohen’s kappa for a pair, Krippendorff’s alpha for all, with 95 % intervals.</p>
      """
  }

  private func rates(_ evidence: EvidenceSection) -> Markup {
    if summary.readRates.isEmpty { return "" }
    return """
      <table class="plain stack"><thead><tr><th>Checkpoint</th><th>Environment</th><th>\(summary.selection.predicate.title)</th>\
      <th>Read</th><th>Malign</th><th>Malign and hidden</th></tr></thead><tbody>\
      \(summary.readRates.map { row($0, evidence) })</tbody></table>
      <p class="note">\(summary.ratesNote)</p>
      """
  }

  private func row(_ line: LabelSummary.Line, _ evidence: EvidenceSection) -> Markup {
    """
    <tr><td data-label="Checkpoint">\(line.condition.map { "\($0): " } ?? "")\(line.stage)</td>\
    <td data-label="Environment">\(line.environment)</td>\
    <td data-label="\(summary.selection.predicate.title)">\(line.positives.rateText) \
    <small>\(evidence.link("\(line.positives.countText)", line.positives.episodes)), \(line.positives.interval.percent)</small></td>\
    <td data-label="Read">\(line.read.grouped)</td><td data-label="Malign">\(rate(line.malign))</td>\
    <td data-label="Malign and hidden">\(rate(line.malignAndHidden))</td></tr>
    """
  }

  private func rate(_ rate: LabelRate) -> Markup {
    "\(rate.rate?.percent ?? "—") <small>\(rate.shareText), \(rate.interval.percent)</small>"
  }
}
