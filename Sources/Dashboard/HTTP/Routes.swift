import Foundation
import Reporting
import Storage

/// Which page an address names.
struct Routes: Sendable {
  let access: Access
  let library: RunLibrary

  func reply(to request: PlainRequest) -> Reply {
    if let refusal = access.refusal(request) { return refusal }
    let isWrite = request.method == "POST"
    guard isWrite || request.method == "GET" || request.method == "HEAD" else {
      return .plain(405, "Only GET and POST are answered.")
    }
    guard let path = request.path else { return missing("There is no such page.") }
    if !isWrite, access.opens(request) {
      let address = (path.map { "/" + $0.encodedForQuery }).joined() + request.query.text(without: ["token"])
      return .redirect(address, headers: ["Set-Cookie": access.cookie])
    }
    do {
      return try page(path, request) ?? missing("There is no such page.")
    } catch let problem as PageProblem {
      return ErrorPage(status: problem.status, text: problem.text).reply
    } catch {
      return ErrorPage(status: 500, text: error.localizedDescription).reply
    }
  }

  private func missing(_ text: String) -> Reply { ErrorPage(status: 404, text: text).reply }

  private func page(_ path: [String], _ request: PlainRequest) throws -> Reply? {
    if request.method == "POST" {
      guard path.count == 3, path[0] == "runs", path[2] == "label" else {
        throw PageProblem(405, "This page is for reading only.")
      }
      return try LabelPage(run: library.run(path[1]), request: request).answer()
    }
    switch (path.first, path.count) {
    case ("", 1): return try .page(RunsPage(library: library).markup)
    case ("compare", 1): return .page(try ComparePage(library: library, request.query).markup)
    case ("assets", 2): return Assets.reply(path[1])
    case ("runs", 2): return .redirect("/runs/\(path[1].encodedForQuery)/")
    case ("runs", 3): return try runPage(library.run(path[1]), path[2], request)
    case ("runs", 4) where path[2] == "episodes":
      return try ReportFile(library.run(path[1])).reply(path[3], in: path[2])
    default: return nil
    }
  }

  private func runPage(_ run: RunView, _ name: String, _ request: PlainRequest) throws -> Reply? {
    switch name {
    case "": return .page(RunPage(run: run).markup)
    case "episodes": return .page(try EpisodesPage(run: run, request.query).markup)
    case "episode": return .page(try EpisodePage(run: run, request.query).markup)
    case "text": return try WholeText(run: run, request.query).reply
    case "tokens": return .page(try TokensPage(run: run, request.query).markup)
    case "pair": return .page(try PairPage(run: run, request.query).markup)
    case "label": return .page(try LabelPage(run: run, request: request).markup())
    case "report.html": return try ReportFile(run).reply(name)
    default: return nil
    }
  }
}

/// Why a page cannot be shown.
struct PageProblem: Error {
  var status: Int
  var text: String

  init(_ status: Int, _ text: String) { (self.status, self.text) = (status, text) }
}
