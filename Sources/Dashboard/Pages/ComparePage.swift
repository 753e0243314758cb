import Foundation
import Reporting

/// Two or more runs beside each other: their rates, what may be said of the differences, and their training curves.
struct ComparePage {
  /// Runs that are compared at most: each has two columns.
  private static let most = 6

  let library: RunLibrary
  private let names: [String]

  /// - Parameter address: the runs as `runs=FIRST,SECOND` or as several fields, the first being the one compared with.
  init(library: RunLibrary, _ address: Query) {
    self.library = library
    var seen: Set<String> = []
    names = address.all("runs").flatMap { $0.split(separator: ",").map(String.init) }.filter {
      seen.insert($0).inserted
    }
  }

  /// The address of the page for some runs.
  static func address(_ runs: [String]) -> String {
    "/compare" + EpisodeAddress.text(runs.isEmpty ? [] : [("runs", runs.joined(separator: ","))])
  }

  var markup: Markup {
    get throws {
      if names.count > Self.most {
        throw PageProblem(400, "At most \(Self.most) runs can be compared at once; the address names \(names.count).")
      }
      let runs = try names.map(library.run)
      let body: Markup =
        runs.count < 2
        ? "<p>Choose two or more runs. The first one is compared with each of the others.</p>"
        : Layout.live("comparison", seconds: 6, "\(try table(runs))\(curves(runs))")
      return Layout(
        title: runs.count < 2 ? "Compare runs" : names.joined(separator: " and "),
        links: runs.map { "<a href=\"\($0.address)\">\($0.name)</a>" }, style: "compare", main: "\(body)\(try choice)"
      ).markup
    }
  }

  private func table(_ runs: [RunView]) throws -> Markup {
    do {
      guard let comparison = try library.comparison(runs) else {
        return "<p class=\"note waiting\">Comparing the runs…</p>"
      }
      return "<h2>Rates</h2>\(RunsComparisonView(comparison).markup)"
    } catch let problem as PageProblem {
      return "<p class=\"problem\" role=\"alert\">\(problem.text)</p>"
    }
  }

  /// The curves of all runs in the same charts, each condition with its run's name.
  private func curves(_ runs: [RunView]) -> Markup {
    let series = runs.flatMap { run in
      ((try? run.report())?.telemetry ?? []).map { series in
        var series = series
        series.condition = "\(run.name): \(series.condition)"
        return series
      }
    }
    return series.isEmpty ? "" : "<h2>Training curves</h2>\(TelemetrySection(series: series).markup)"
  }

  /// The form that chooses runs; it works without a script.
  private var choice: Markup {
    get throws {
      let all = try library.names()
      let boxes = (names + all.filter { !names.contains($0) }).map { name -> Markup in
        let isChosen: Markup = names.contains(name) ? " checked" : ""
        return "<label><input type=\"checkbox\" name=\"runs\" value=\"\(name)\"\(isChosen)> \(name)</label>"
      }
      return """
        <form class="choose" method="get" action="/compare"><fieldset class="pick"><legend>Runs</legend>\
        \(Markup(joining: boxes))</fieldset><p><button>Compare</button></p></form>
        """
    }
  }
}
