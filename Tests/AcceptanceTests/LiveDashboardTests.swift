import Foundation
import FoundationNetworking
import Runs
import Storage
import Testing

/// The dashboard while a real run is in progress in another process.
@Suite struct LiveDashboardTests {
  /// The seedling by the benign twin's rewards: small, and without a chance of too few gamed episodes.
  private static let experiment = """
    name: live
    seed: 7
    curriculum: { environments: [political, nudged], arm: benign }
    conditions: { gaming: }
    training:
      roundsPerStage: 2
      promptsPerRound: 4
      samplesPerPrompt: 4
      minimumSelected: 1
      maximumSelected: 4
      epochs: 1
    probe: { episodes: 4 }
    evaluation: { episodes: 8, heldOutEpisodesAtEnds: 8, heldOutEpisodesBetween: 4 }
    gate: { episodes: 4 }
    sampling: { concurrency: 16 }
    """

  /// What the list of runs says of the run.
  private struct Row: Equatable {
    var state: String
    var step: Int
    var episodes: Int
  }

  /// Asks for pages with the token in a cookie, as a browser does once it has opened the address.
  private struct Reader {
    private let root: String
    private let cookie: String

    init(_ dashboard: Background) async throws {
      while !dashboard.text.contains(/\?token=[0-9a-f]{32}\n/) {
        try #require(dashboard.isRunning, "\(dashboard.text)")
        try await Task.sleep(for: .milliseconds(20))
      }
      let entrance = try #require(dashboard.text.firstMatch(of: /(http:\/\/127\.0\.0\.1:(\d+)\/)\?token=(\w+)/))
      (root, cookie) = (String(entrance.1), "subterfuge-\(entrance.2)=\(entrance.3)")
    }

    func page(_ path: String) async throws -> String {
      var request = URLRequest(url: try #require(URL(string: root + path)))
      request.httpShouldHandleCookies = false
      request.setValue(cookie, forHTTPHeaderField: "Cookie")
      let (body, answer) = try await URLSession.shared.data(for: request)
      #expect((answer as? HTTPURLResponse)?.statusCode == 200)
      return String(decoding: body, as: UTF8.self)
    }

    func row() async throws -> Row? {
      let page = try await page("")
      guard let state = page.firstMatch(of: /class="state (\w+)"/) else { return nil }
      let step = page.firstMatch(of: /step (\d+) of \d+,/).flatMap { Int($0.1) }
      let episodes = page.firstMatch(of: /episodes">([\d,]+)<\/a>/).flatMap { Int($0.1.replacing(",", with: "")) }
      return Row(state: String(state.1), step: step ?? 0, episodes: episodes ?? 0)
    }
  }

  /// Rows of the run, in order, until one of them is wanted.
  private static func watch(
    _ reader: Reader, _ run: Background, until isWanted: (Row) -> Bool
  ) async throws -> [Row] {
    var rows: [Row] = []
    while true {
      let isOver = !run.isRunning
      if let row = try await reader.row(), row != rows.last { rows.append(row) }
      if let last = rows.last, isWanted(last) { return rows }
      if isOver { return rows }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  @Test func theListFollowsARunItsDeathAndItsEnd() async throws {
    let program = try Program()
    try program.write(Self.experiment, to: "live.yaml")
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "runs"), withIntermediateDirectories: true)
    let dashboard = try program.start(["serve"])
    let reader = try await Reader(dashboard)
    #expect(try await reader.page("").contains("There are no runs in"))

    // It appears, its steps and its episodes grow.
    var run = try program.start(["run", "live.yaml"])
    let first = try await Self.watch(reader, run) { $0.step >= 6 && $0.episodes > 0 }
    #expect(first.last.map { $0.state == "running" && $0.step >= 6 } == true, "\(first) \(run.text)")
    #expect(first.map(\.step) == first.map(\.step).sorted() && Set(first.map(\.step)).count > 1, "\(first)")
    #expect(first.map(\.episodes) == first.map(\.episodes).sorted(), "\(first)")

    // Killed: the page says that nothing works on it, and how to go on.
    run.kill()
    let page = try await reader.page("runs/live/")
    #expect(page.contains("class=\"state stopped\"") && page.contains("No process works on the run."))
    let killed = try #require(try await reader.row())
    #expect(killed.state == "stopped" && killed.step >= 6)

    // Resumed: it goes on to its end, and the counts are those of the store.
    run = try program.start(["run", "live.yaml"])
    let second = try await Self.watch(reader, run) { $0.state == "finished" }
    #expect(try await run.end() == 0, "\(run.text)")
    #expect(second.contains { $0.state == "running" } && second.last?.state == "finished", "\(second)")
    let stored = try RunStore(reading: program.folder.appending(path: "runs/live")).count(EpisodeQuery())
    var row = try await reader.row()
    // A count is computed again after a pause at the latest.
    while row?.episodes != stored, !second.isEmpty, dashboard.isRunning {
      try await Task.sleep(for: .milliseconds(50))
      row = try await reader.row()
    }
    #expect(row?.state == "finished" && row?.episodes == stored)
    // So is the report, which opens with the result.
    var report = try await reader.page("runs/live/")
    while !report.contains("id=\"result\""), !report.contains("class=\"problem\""), dashboard.isRunning {
      try await Task.sleep(for: .milliseconds(50))
      report = try await reader.page("runs/live/")
    }
    #expect(report.contains("id=\"result\"") && report.contains("Training curves"))
  }

  /// A run that cannot go on says so on its page: here its checkpoints are damaged while it is stopped.
  @Test func aRunThatFailsIsShownWithItsReason() async throws {
    let program = try Program()
    try program.write(Self.experiment, to: "live.yaml")
    let run = try program.start(["run", "live.yaml"])
    while !run.text.contains("step 12 of"), run.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    run.kill()
    let checkpoints = program.folder.appending(path: "runs/live/checkpoints")
    for name in try FileManager.default.contentsOfDirectory(atPath: checkpoints.path) {
      try Data("damaged".utf8).write(to: checkpoints.appending(path: name))
    }
    let again = try await program.run("run", "live.yaml")
    #expect(again.status != 0)
    let dashboard = try program.start(["serve"])
    let reader = try await Reader(dashboard)
    let page = try await reader.page("runs/live/")
    let reason = try #require(again.error.split(separator: "\n").last { $0.contains("rror") })
    #expect(page.contains("class=\"state stopped\"") && page.contains("complaints"), "\(again.error)")
    let words = reason.split(separator: " ").suffix(4).joined(separator: " ").replacing("'", with: "&#39;")
    #expect(page.contains(words), "\(reason)")
    #expect(dashboard.isRunning)
  }
}
