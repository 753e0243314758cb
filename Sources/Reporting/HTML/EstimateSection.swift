import Statistics

/// What estimates of rare events found, and what they cost beside brute force.
struct EstimateSection {
  let data: ReportData
  let evidence: EvidenceSection

  var markup: Markup {
    let figures = data.costs.map(\.target).uniqued.compactMap { Figure.cost(of: $0, data.costs) }
    return """
      <table class="plain stack"><thead><tr><th>Rate of</th><th>Estimated by</th><th>Rate</th><th>Relative error</th>\
      <th>Tokens</th><th>Against brute force</th></tr></thead><tbody>\(data.estimates.map(row))</tbody></table>
      <p class="note">95 % intervals. Tokens are those that the policy wrote; pilots count in the comparison. Brute force is computed: plain \
      episodes for the same relative error.</p>
      \(figures.isEmpty ? "" : FigureView.all(figures, evidence))
      """
  }

  private func row(_ result: RareEventResult) -> Markup {
    let rate: Markup =
      result.rate.map { rate in
        "\(rate.percent) <small>\(result.interval?.percent ?? "")</small>\(result.warning.map { " \($0)" } ?? "")"
      } ?? "none: \(result.refusal)"
    let pilots: Markup = result.pilotTokens > 0 ? " <small>and \(result.pilotTokens.grouped) of pilots</small>" : ""
    return """
      <tr><td data-label="Rate of">\(result.target)</td><td data-label="Estimated by">\(result.method)</td>\
      <td data-label="Rate">\(rate)</td>\
      <td data-label="Relative error">\(result.relativeError.map { $0.percent } ?? "—")</td>\
      <td data-label="Tokens">\(result.tokens.grouped)\(pilots)</td>\
      <td data-label="Against brute force">\(result.costText)</td></tr>
      """
  }
}

extension RareEventResult {
  /// `12 times fewer tokens`, or a dash where nothing is known.
  var costText: String {
    guard let cost else { return "—" }
    let (times, word) = cost.timesCheaper >= 1 ? (cost.timesCheaper, "fewer") : (1 / cost.timesCheaper, "more")
    return "\(times.factor) times \(word) tokens"
  }

  /// `0.0023 % (95 % 0.0011–0.0046 %) for 41,000 tokens, 12 times fewer than by brute force`.
  var sentence: String {
    guard let rate, let interval else { return "no estimate by \(method): \(refusal)." }
    let pilots = pilotTokens > 0 ? " and \(pilotTokens.grouped) of pilots" : ""
    let cheaper = cost == nil ? "" : "; \(costText) than by brute force"
    return
      "\(rate.percent) by \(method) (95 % \(interval.percent)), \(tokens.grouped) tokens\(pilots)\(cheaper).\(warning.map { " \($0)" } ?? "")"
  }
}
