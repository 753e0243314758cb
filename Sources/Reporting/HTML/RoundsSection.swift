import Runs
import Storage

/// The training rounds, a chart for each stage: of the first sequence in sight, of the others behind a click.
struct RoundsSection {
  let rounds: [RoundSummary]
  let subject: RunOutline
  let files: [EpisodeFile]

  var markup: Markup {
    let branches = rounds.map(\.branch).uniqued
    let shown = subject.isComparative ? Array(branches.prefix(1)) : branches
    let hidden = branches.dropFirst(shown.count).map(\.condition).uniqued
    return """
      <p class="key"><span><i class="g"></i>gamed</span><span><i class="h"></i>honest</span>\
      <span>dashed: honest completion of the probe environment</span></p>
      \(charts(shown))
      \(hidden.map { condition -> Markup in
        let own = branches.dropFirst(shown.count).filter { $0.condition == condition }
        return """
          <details><summary>\(condition) <small>\(own.map(\.name).joined(separator: ", "))</small></summary>\
          <div>\(charts(own))</div></details>
          """
      })
      """
  }

  private func charts(_ branches: [Branch]) -> Markup {
    let own = rounds.filter { branches.contains($0.branch) }
    return """
      <div class="charts">\(own.map(\.stage).uniqued.map { stage in
        RoundChart(stage: stage, rounds: own.filter { $0.stage == stage }, files: files).markup
      })</div>
      """
  }
}
