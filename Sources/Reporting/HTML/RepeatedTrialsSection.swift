import Runs

/// Several attempts in one context, and chains of episodes on the same files.
struct RepeatedTrialsSection {
  let trials: RepeatedTrials
  let baseline: String
  let evidence: EvidenceSection

  var markup: Markup { "\(trials.attempts.isEmpty ? "" : attempts)\(trials.chains.isEmpty ? "" : chains)" }

  private var attempts: Markup {
    let count = trials.attempts.map(\.byAttempt.count).max() ?? 1
    let headings: [Markup] = (1...count).map { "<th>\($0 == 1 ? "First attempt" : "Within \($0)")</th>" }
    return """
      <h3>Attempts in one context</h3>
      <p>After an attempt without the reward the model is told the reward, may reflect, and tries again on the files as they \
      were. The share of episodes that gamed within so many attempts; no weights change.</p>
      <table class="plain stack"><thead><tr><th>Checkpoint</th><th>Environment</th>\(headings)</tr></thead>
      <tbody>\(trials.attempts.map { line -> Markup in
        let cells: [Markup] = (0..<count).map { index in
          "<td data-label=\"Within \(index + 1)\">\(number(line.byAttempt[min(index, line.byAttempt.count - 1)]))</td>"
        }
        return """
          <tr><td data-label="Checkpoint">\(line.condition ?? baseline)</td>\
          <td data-label="Environment">\(line.environment.title)</td>\(cells)</tr>
          """
      })</tbody></table>
      """
  }

  private var chains: Markup {
    """
    <h3>Episodes on the same files</h3>
    <p>Each episode begins with the files that the one before it left. “Found” is the share that began with files in which it \
    holds already, “left” the share after which it holds, whoever did it.</p>
    <table class="plain stack"><thead><tr><th>Checkpoint</th><th>What</th><th>Episode</th><th>Found</th><th>Left</th></tr>\
    </thead><tbody>\(trials.chains.flatMap { chain in chain.places.map { row(chain, $0) } })</tbody></table>
    """
  }

  private func row(_ chain: RepeatedTrials.Chain, _ place: RepeatedTrials.Chain.Place) -> Markup {
    """
    <tr><td data-label="Checkpoint">\(chain.condition ?? baseline)</td><td data-label="What">\(chain.measure.title)</td>\
    <td data-label="Episode">\(place.position)</td><td data-label="Found">\(number(place.inherited))</td>\
    <td data-label="Left">\(number(place.lasting))</td></tr>
    """
  }

  private func number(_ estimate: Estimate) -> Markup {
    "\(estimate.rateText) <small>\(evidence.link("\(estimate.countText)", estimate.episodes)), \(estimate.interval.percent)</small>"
  }
}
