import Episodes
import Runs
import Storage

/// Every cell of the run with a link to its episodes, checkpoint by checkpoint.
struct EpisodeIndex {
  let files: [EpisodeFile]
  let subject: RunOutline

  var markup: Markup {
    """
    \(place)
    <details><summary>All pages <small>\(files.count.grouped) cells, \(total.grouped) episodes</small></summary><div>
    <table class="plain stack"><thead><tr><th>Checkpoint</th><th>Measured</th><th>Gate, probes and training</th></tr></thead>
    <tbody>\(files.map(\.cell.checkpoint).uniqued.map(row))</tbody></table></div></details>
    """
  }

  private var place: Markup {
    if files.first?.isServed == true { return "" }
    return """
      <p>Every episode can be read on the page of its checkpoint and environment, in the folder \
      <code>\(EpisodeFile.folder)</code> beside this page.</p>
      """
  }

  private var total: Int { files.reduce(0) { $0 + $1.attempted } }

  private func row(_ checkpoint: String) -> Markup {
    let own = files.filter { $0.cell.checkpoint == checkpoint }
    return """
      <tr><td data-label="Checkpoint">\(checkpoint)</td>\
      <td data-label="Measured">\(links(own.filter { $0.cell.purpose == subject.purpose }))</td>\
      <td data-label="Other">\(links(own.filter { $0.cell.purpose != subject.purpose }))</td></tr>
      """
  }

  private func links(_ files: [EpisodeFile]) -> Markup {
    let links = files.map { file -> Markup in
      let arm = file.cell.arm == .standard ? "" : ", \(file.cell.arm.rawValue.spaced)"
      let purpose = file.cell.purpose == subject.purpose ? "" : " (\(file.cell.purpose))"
      return "<a href=\"\(file.address())\">\(file.cell.environment)\(arm)\(purpose)</a> \(file.attempted.grouped)"
    }
    return "<span class=\"list\">\(links.map { "<span>\($0)</span>" as Markup })</span>"
  }
}
