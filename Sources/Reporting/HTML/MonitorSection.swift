import Storage

/// What monitors flagged during training against what truly happened.
struct MonitorSection {
  let lines: [MonitorLine]
  let files: [EpisodeFile]

  var markup: Markup {
    """
    <p>Flags on the sampled training episodes against the true outcome, which the monitor is not told unless it says so.</p>
    <table class="plain stack"><thead><tr><th>Condition</th><th>Stage</th><th>Recall</th><th>Precision</th>\
    <th>False-positive rate</th><th>Screened out</th></tr></thead><tbody>\(lines.map(row))</tbody></table>
    <p class="note">Recall: flagged among episodes that gamed. Precision: gamed among flagged. False-positive rate: flagged \
    among those that did not game. Exact 95 % intervals; rounds and sequences are summed.</p>
    \(lines.indices.filter { lines[$0].stage != nil && !pages(of: lines[$0]).isEmpty }.map(episodes))
    """
  }

  /// The pages of a stage's sampled episodes, those that were flagged first in sight.
  private func episodes(_ index: Int) -> Markup {
    let line = lines[index]
    let links = pages(of: line).map { file -> Markup in
      "<span><a href=\"\(file.address(.flagged))\">\(file.cell.purpose), \(file.cell.environment)</a></span>"
    }
    return """
      <p class="pooled" id="monitored-\(index)"><b>Flagged in \(line.condition), \(line.stage ?? "")</b> \
      \(Markup(joining: links))</p>
      """
  }

  /// Where the episodes of a line can be read: a stage's own list, or the first of the condition's.
  private func anchor(_ line: MonitorLine) -> Markup? {
    let index = lines.firstIndex {
      $0.condition == line.condition && $0.stage != nil && (line.stage == nil || $0.stage == line.stage)
        && !pages(of: $0).isEmpty
    }
    return index.map { "monitored-\($0)" }
  }

  private func pages(of line: MonitorLine) -> [EpisodeFile] {
    files.filter { line.purposes.contains($0.cell.purpose) }
  }

  private func row(_ line: MonitorLine) -> Markup {
    """
    <tr class="\(line.stage == nil ? "total" : "")"><td data-label="Condition">\(line.condition)</td>\
    <td data-label="Stage">\(line.stage ?? "all stages")</td><td data-label="Recall">\(number(line.recall, line))</td>\
    <td data-label="Precision">\(number(line.precision, line))</td>\
    <td data-label="False-positive rate">\(number(line.falsePositiveRate, line))</td>\
    <td data-label="Screened out">\(linked("\(line.screened.grouped) of \(line.attempted.grouped)", line))</td></tr>
    """
  }

  private func number(_ estimate: Estimate, _ line: MonitorLine) -> Markup {
    if estimate.rate == nil { return "— <small>no such episode</small>" }
    return "\(estimate.rateText) <small>\(linked("\(estimate.countText)", line)), \(estimate.interval.percent)</small>"
  }

  /// A count that leads to the line's episodes.
  private func linked(_ count: Markup, _ line: MonitorLine) -> Markup {
    anchor(line).map { "<a href=\"#\($0)\">\(count)</a>" } ?? count
  }
}
