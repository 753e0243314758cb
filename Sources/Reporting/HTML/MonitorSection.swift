/// What monitors flagged during training against what truly happened.
struct MonitorSection {
  let lines: [MonitorLine]

  var markup: Markup {
    """
    <p>Flags on the sampled training episodes against the true outcome, which the monitor is not told unless it says so.</p>
    <table class="plain stack"><thead><tr><th>Condition</th><th>Stage</th><th>Recall</th><th>Precision</th>\
    <th>False-positive rate</th><th>Screened out</th></tr></thead><tbody>\(lines.map(row))</tbody></table>
    <p class="note">Recall: flagged among episodes that gamed. Precision: gamed among flagged. False-positive rate: flagged \
    among those that did not game. Exact 95 % intervals; rounds and sequences are summed.</p>
    """
  }

  private func row(_ line: MonitorLine) -> Markup {
    """
    <tr class="\(line.stage == nil ? "total" : "")"><td data-label="Condition">\(line.condition)</td>\
    <td data-label="Stage">\(line.stage ?? "all stages")</td><td data-label="Recall">\(number(line.recall))</td>\
    <td data-label="Precision">\(number(line.precision))</td>\
    <td data-label="False-positive rate">\(number(line.falsePositiveRate))</td>\
    <td data-label="Screened out">\(line.screened.grouped) of \(line.attempted.grouped)</td></tr>
    """
  }

  private func number(_ estimate: Estimate) -> Markup {
    if estimate.rate == nil { return "— <small>no such episode</small>" }
    return "\(estimate.rateText) <small>\(estimate.countText), \(estimate.interval.percent)</small>"
  }
}
