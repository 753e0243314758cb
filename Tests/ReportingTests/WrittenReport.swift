import Foundation
import Storage

@testable import Reporting

/// A report as files, read as a browser reads them: links, anchors, and what a filter shows.
struct WrittenReport {
  /// A link with its words.
  struct Link {
    var address: String
    var text: String
  }

  let folder = FileManager.default.temporaryDirectory.appending(path: "written-\(UUID().uuidString)")
  let page: String
  let summary: EpisodePages.Summary

  init(_ data: ReportData, of store: RunStore) throws {
    page = data.html
    summary = try EpisodePages(data, of: store).write(beside: folder)
    try Data(page.utf8).write(to: folder.appending(path: "report.html"))
  }

  func remove() throws { try FileManager.default.removeItem(at: folder) }

  /// The names of the files in `episodes`.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "episodes").path).sorted()
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: "episodes/\(name)"), encoding: .utf8)
  }

  /// Every link of the report with the words in it.
  var links: [Link] {
    page.matches(of: /<a href="([^"]+)">(.*?)<\/a>/.dotMatchesNewlines()).map {
      Link(
        address: String($0.output.1),
        text: String($0.output.2).replacing(/<title>.*?<\/title>/, with: "").replacing(/<[^>]+>/, with: ""))
    }
  }

  /// How many episodes a reader sees behind an address; `nil` where the page or the anchor does not exist.
  func episodes(at address: String) throws -> Int? {
    if let anchor = address.prefixMatch(of: /#(episodes-\d+)/)?.output.1 {
      // The list of a pooled count: the pages of its cells, those without events among them.
      guard
        let list = page.firstMatch(
          of: try Regex("<p class=\"pooled\" id=\"\(anchor)\">(.*?)</p>", as: (Substring, Substring).self)
            .dotMatchesNewlines())
      else { return nil }
      let links: [String] = list.output.1.matches(of: /<a href="([^"]+)">/).map { String($0.output.1) }
      return try links.filter { !$0.hasSuffix("#all-episodes") }.reduce(0) { try $0 + (episodes(at: $1) ?? 0) }
    }
    let parts = address.split(separator: "#").map(String.init)
    guard parts.count == 2, FileManager.default.fileExists(atPath: folder.appending(path: parts[0]).path) else {
      return nil
    }
    let first = try text(String(parts[0].dropFirst("episodes/".count)))
    guard first.contains("id=\"\(parts[1])\"") else { return nil }
    let stem = parts[0].dropFirst("episodes/".count).dropLast(".html".count)
    let files = try names().filter { $0 == "\(stem).html" || $0.wholeMatch(of: /(.+)\.\d+\.html/)?.output.1 == stem }
    let pages = try files.map(text)
    // The class that the filter leaves in sight.
    let style = first.firstMatch(
      of: try Regex(
        "\\[id=\"\(parts[1])\"\\]:target\\) :is\\(\\.e:not\\(\\.(f\\d+)\\)", as: (Substring, Substring).self))?.output.1
    return pages.reduce(0) { count, page in
      count
        + page.matches(of: /<details class="e([^"]*)">/).count { match in
          style.map { match.output.1.split(separator: " ").contains($0) } ?? true
        }
    }
  }
}
