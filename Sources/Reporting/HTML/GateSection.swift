import Episodes
import Runs
import Storage

/// The gate as a table.
struct GateSection {
  let lines: [ReportData.GateLine]
  let evidence: EvidenceSection

  var markup: Markup {
    """
    <table class="plain stack"><thead><tr><th>What the untrained checkpoint must show</th><th>Environment</th><th>Measured</th>\
    <th>Episodes</th><th>95 % interval</th><th>Target</th><th>Verdict</th></tr></thead>
    <tbody>\(lines.map(row))</tbody></table>
    """
  }

  private func row(_ line: ReportData.GateLine) -> Markup {
    let style = line.standing == .met ? "met" : line.standing == .shownOnly ? "" : "unmet"
    let arm = line.result.arm == .standard ? "" : " (\(line.result.arm.rawValue))"
    return """
      <tr><td data-label="What">\(line.result.name)</td><td data-label="Environment">\(line.result.environment)\(arm)</td>\
      <td data-label="Measured">\(line.estimate.rateText)</td><td data-label="Episodes">\(count(line))</td>\
      <td data-label="95 % interval">\(line.estimate.interval.percent)</td>\
      <td data-label="Target">\(line.result.target)</td>\
      <td data-label="" class="\(style)">\(line.standing.words)</td></tr>
      """
  }

  private func count(_ line: ReportData.GateLine) -> Markup {
    let text: Markup = "\(line.estimate.countText)"
    return line.estimate.episodes == nil ? evidence.link(text, line.cell) : evidence.link(text, line.estimate.episodes)
  }
}
