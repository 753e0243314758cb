import Foundation
import Reporting
import Storage

/// All runs, with how far each has got.
struct RunsPage {
  let library: RunLibrary
  /// Until when the page waits for counts, however many runs there are; what is not counted by then follows by itself.
  private let deadline = ContinuousClock.now + .milliseconds(60)

  init(library: RunLibrary) { self.library = library }

  private var patience: Double { max(0, (deadline - .now) / .seconds(1)) }

  var markup: Markup {
    get throws {
      let names = try library.names()
      let body: Markup =
        names.isEmpty
        ? """
        <p>There are no runs in <code>\(library.configuration.runs.path)</code>. Start one with \
        <code>subterfuge run quickstart</code>; it appears here.</p>
        """
        : """
        <div class="scroll" tabindex="0" role="region" aria-label="Runs"><table class="plain stack runs"><thead><tr>\
        <th>Run</th><th>State</th><th>Progress</th><th>Episodes</th><th>Started, UTC</th><th>Size</th></tr></thead>\
        <tbody>\(names.map(row))</tbody></table></div>
        """
      return Layout(
        title: "Runs", links: names.count < 2 ? [] : ["<a href=\"\(ComparePage.address([]))\">Compare runs</a>"],
        isRoot: true, main: Layout.live("runs", seconds: 3, body)
      ).markup
    }
  }

  private func row(_ name: String) -> Markup {
    do { return try row(library.run(name)) } catch {
      let text = (error as? PageProblem)?.text ?? error.localizedDescription
      return """
        <tr class="unreadable"><td data-label="Run">\(name)</td><td data-label="State"><span class="state">unreadable</span></td>\
        <td colspan="4" data-label="Problem">\(text)</td></tr>
        """
    }
  }

  private func row(_ run: RunView) throws -> Markup {
    let groups = try run.groups(patience: patience)
    let (progress, listing) = (try run.progress(), try run.listing(patience: patience))
    let episodes = groups.map { $0.reduce(0) { $0 + $1.episodes } }
    let failed = (groups ?? []).reduce(0) { $0 + ($1.boundary == nil ? 0 : $1.episodes) }
    let failures: Markup =
      failed == 0 ? "" : " <a class=\"failed\" href=\"\(run.address)episodes?failed=yes\">\(failed.grouped) failed</a>"
    return """
      <tr><td data-label="Run"><a class="run" href="\(run.address)">\(run.name)</a> <small>\(listing?.kind ?? "")</small></td>\
      <td data-label="State"><span class="state \(progress.state.rawValue)">\(progress.state.rawValue)</span></td>\
      <td data-label="Progress">\(ProgressView(progress: progress).short)</td>\
      <td data-label="Episodes"><a href="\(run.address)episodes"\(episodes == nil ? " class=\"waiting\"" as Markup : "")>\
      \(episodes?.grouped ?? "counting…")</a>\(failures)</td>\
      <td data-label="Started">\(listing?.started ?? "")</td>\
      <td data-label="Size">\(listing.map { "\(($0.bytes >> 20).grouped) MB" } ?? "")</td></tr>
      """
  }
}

/// How far a run has got, in words and as a bar.
struct ProgressView {
  let progress: RunProgress

  /// One line for a table.
  var short: Markup {
    guard let step = progress.step, let steps = progress.steps, let percent = progress.percent else { return "" }
    if progress.state == .finished { return "<small>\(steps) steps</small>" }
    return "\(bar(percent))<small>step \(step) of \(steps), \(percent) %\(left)</small>"
  }

  /// A paragraph for the run's own page.
  var markup: Markup {
    let state: Markup = "<span class=\"state \(progress.state.rawValue)\">\(progress.state.rawValue)</span>"
    let doing: Markup = progress.doing.map { "<p class=\"note\">\($0)</p>" } ?? ""
    let complaints: Markup =
      progress.complaints.isEmpty
      ? "" : "<ul class=\"complaints\">\(progress.complaints.map { "<li>\($0)</li>" as Markup })</ul>"
    let advice: Markup =
      progress.state == .stopped
      ? "<p class=\"note\">No process works on the run. The command that started it resumes it.</p>" : ""
    return """
      <div class="progress"><p>\(state) \(short)</p>\(progress.state == .finished ? "" : doing)\(advice)\(complaints)</div>
      """
  }

  private func bar(_ percent: Int) -> Markup {
    "<progress max=\"100\" value=\"\(percent)\" aria-label=\"done\">\(percent) %</progress> "
  }

  private var left: String {
    guard let seconds = progress.secondsLeft else { return "" }
    let minutes = Int((seconds / 60).rounded(.up))
    return minutes < 1
      ? ", almost done" : minutes < 90 ? ", about \(minutes) min left" : ", about \((minutes + 30) / 60) h left"
  }
}
