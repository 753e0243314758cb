import Foundation
import Reporting

/// The style sheet and the script.
enum Assets {
  static func reply(_ name: String) -> Reply? {
    switch name {
    case "style.css":
      Reply(
        status: 200, type: "text/css; charset=utf-8", body: Data(Stylesheet.css.html.utf8) + file("dashboard", "css"))
    case "dashboard.js":
      Reply(status: 200, type: "text/javascript; charset=utf-8", body: file("dashboard", "js"))
    default: nil
    }
  }

  private static func file(_ name: String, _ ending: String) -> Data {
    Bundle.module.url(forResource: name, withExtension: ending, subdirectory: "Resources")
      .flatMap { try? Data(contentsOf: $0) } ?? Data()
  }
}

/// Files that `subterfuge report` wrote into the run's folder.
struct ReportFile {
  private let run: RunView

  init(_ run: RunView) { self.run = run }

  /// - Parameter folder: a folder of the run's.
  func reply(_ name: String, in folder: String? = nil) throws -> Reply {
    let place = folder.map { run.folder.appending(path: $0) } ?? run.folder
    // Only what the folder lists, whatever the name says.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    guard name.hasSuffix(".html"), names.contains(name),
      let data = try? Data(contentsOf: place.appending(path: name))
    else {
      throw PageProblem(404, "The run has no such report. Write it with: subterfuge report \(run.name)")
    }
    return Reply(
      status: 200, type: "text/html; charset=utf-8", body: data,
      headers: ["Content-Security-Policy": Reply.reportPolicy])
  }
}
