import Foundation
import Reporting
import Runs

/// One run: how far it got, and its report so far.
struct RunPage {
  let run: RunView

  var markup: Markup {
    let progress = (try? run.progress()).map { ProgressView(progress: $0).markup } ?? ""
    return Layout(
      title: title, links: links, style: "run",
      main: "\(Layout.live("progress", seconds: 3, progress))\(Layout.live("report", seconds: 6, report))"
    ).markup
  }

  private var title: String { run.name }

  private var links: [Markup] {
    let hasReport = FileManager.default.fileExists(atPath: run.folder.appending(path: "report.html").path)
    return ["<a href=\"episodes\">All episodes</a>", "<a href=\"\(ComparePage.address([run.name]))\">Compare</a>"]
      + (hasReport ? ["<a href=\"report.html\">The report as one file</a>"] : [])
      + (run.configuration.rater == nil ? [] : ["<a href=\"label\">Label</a>"])
  }

  private var report: Markup {
    do {
      guard let data = try run.report() else { return "<p class=\"note waiting\">Counting the episodes…</p>" }
      if data.provenance.episodes == 0 { return "<p>No episode is stored yet.</p>" }
      return "<h2 class=\"subject\">\(data.subject.title)</h2>\(data.served)"
    } catch {
      return "<p class=\"problem\" role=\"alert\">\((error as? PageProblem)?.text ?? error.localizedDescription)</p>"
    }
  }
}
