import Episodes
import Foundation
import Storage
import Testing

@testable import Reporting

/// The report as a browser shows it, at two widths and in both themes. Needs Chromium (`apt-get install chromium`).
@Suite(
  .enabled(if: Browser.isInstalled, "Chromium is not installed, so nobody has seen the page: apt-get install chromium"))
struct LayoutTests {
  /// What is printed can be read: the report's transcripts, and on a cell's page those that its filter shows.
  @Test func printingKeepsTranscripts() throws {
    let run = try SyntheticRun(episodes: 40)
    defer { try? run.remove() }
    let written = try WrittenReport(ReportData(run.store, subject: SyntheticRun.subject), of: run.store)
    defer { try? written.remove() }
    let browser = try Browser(.light)
    defer { browser.close() }
    let closed = written.folder.appending(path: "closed.html")
    try Data(written.page.replacing("class=\"transcript\"", with: "").utf8).write(to: closed)
    let sheets = try browser.printedPages(of: written.folder.appending(path: "report.html"))
    let without = try browser.printedPages(of: closed)
    #expect(without > 0 && sheets > without + 4, "\(sheets) sheets, \(without) without transcripts")
    let cell = written.folder.appending(path: "episodes/insubordinate-political-standard.html").absoluteString
    let all = try browser.printedPages(of: #require(URL(string: cell)))
    let filtered = try browser.printedPages(of: #require(URL(string: cell + "#failed-episodes")))
    #expect(all > 10 && filtered == 1, "\(all) sheets of all episodes, \(filtered) of the failed one")
  }

  private static let widths = [390, 1180]

  /// Nothing sticks out at the side, every text can be read on its background, and a picture of the page has content. A
  /// link to an episode opens it, and a filter shows its episodes alone.
  @Test func thePageFitsAndCanBeRead() async throws {
    let run = try SyntheticRun(episodes: 40)
    defer { try? run.remove() }
    let written = try WrittenReport(ReportData(run.store, subject: SyntheticRun.subject), of: run.store)
    defer { try? written.remove() }
    let episode = try #require(
      run.store.episodes(.init(environment: "tampering", holding: [.overwrite]), limit: 1).first)
    let cell = "episodes/insubordinate-tampering-standard.html"
    for theme in Browser.Theme.allCases {
      let browser = try Browser(theme)
      defer { browser.close() }
      for width in Self.widths {
        let report = try browser.look(at: written.folder.appending(path: "report.html"), width: width)
        #expect(report.overflow <= 0 && report.contrast >= 4.5, "\(theme) \(width): \(report)")
        #expect(report.isDark == (theme == .dark))
        let picture = try browser.picture(of: written.folder.appending(path: "report.html"), width: width)
        #expect(picture.width == width && picture.bytes > 50_000, "\(theme) \(width): \(picture)")
      }
      let opened = try browser.look(at: written.folder.appending(path: cell), anchor: "e-\(episode.id)", width: 390)
      #expect(opened.targetHeight > 100 && opened.overflow <= 0 && opened.contrast >= 4.5, "\(theme): \(opened)")
      let filtered = try browser.look(at: written.folder.appending(path: cell), anchor: "overwrite", width: 1180)
      #expect(filtered.episodes == 1, "\(theme): \(filtered)")
    }
  }
}
