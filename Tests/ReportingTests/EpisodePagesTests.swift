import Episodes
import Foundation
import Runs
import Storage
import TestSupport
import Testing

@testable import Reporting

/// Every count leads to its episodes, and every episode can be read.
@Suite struct EpisodePagesTests {
  /// `10/78 (of 80)`, `(10 of 78)`: the words of the link say how many episodes a reader must see behind it. A zero leads
  /// to all of them.
  @Test func everyCountLeadsToAsManyEpisodes() throws {
    let run = try SyntheticRun(episodes: 80)
    defer { try? run.remove() }
    let written = try WrittenReport(ReportData(run.store, subject: SyntheticRun.subject), of: run.store)
    defer { try? written.remove() }
    try expectCounts(in: written, atLeast: 80)
  }

  /// Counts of several sequences lead to a list of pages that have as many episodes together.
  @Test func pooledCountsLeadToTheirPages() throws {
    let run = try SyntheticComparison(episodes: 8, replicates: 2)
    defer { try? run.remove() }
    let written = try WrittenReport(ReportData(run.store, subject: run.subject), of: run.store)
    defer { try? written.remove() }
    try expectCounts(in: written, atLeast: 300)
    #expect(written.page.contains("Counts of several sequences"))
  }

  private func expectCounts(in written: WrittenReport, atLeast least: Int) throws {
    var checked = 0
    for link in written.links {
      guard
        let match = link.text.firstMatch(of: /([\d,]+)\/([\d,]+)( \(of ([\d,]+)\))?|\(([\d,]+) of ([\d,]+)\)/),
        let events = Int((match.output.1 ?? match.output.5 ?? "").replacing(",", with: ""))
      else { continue }
      let shown = try #require(try written.episodes(at: link.address), "\(link.text) leads nowhere: \(link.address)")
      if events > 0 || link.address.hasPrefix("#") {
        #expect(shown == events, "\(link.text) leads to \(shown): \(link.address)")
      } else {
        #expect(link.address.hasSuffix("#all-episodes") && shown > 0)
      }
      checked += 1
    }
    #expect(checked >= least)
    // No count of the tables is left without a link.
    let bare = written.page.replacing(/<a href.*?<\/a>/.dotMatchesNewlines(), with: "")
    for section in ["gaming", "honest", "conditions", "arms"] {
      guard let start = bare.range(of: "<section id=\"\(section)\">")?.lowerBound else { continue }
      let text = bare[start...].prefix(through: bare[start...].range(of: "</section>")?.upperBound ?? bare.endIndex)
      #expect(text.matches(of: /<span>\d+\/\d+/).isEmpty, "counts without a link in \(section)")
    }
  }

  /// An episode that was labelled or judged is named with a link to the part of its cell's page that holds it.
  @Test func labelledAndJudgedEpisodesCanBeRead() throws {
    let run = try SyntheticRun(episodes: 280)
    defer { try? run.remove() }
    let positives = try run.store.episodeNumbers(LabelSelection().positives, limit: .max)
    let read = try [#require(positives.first), #require(positives.last)]
    let cell = EpisodeQuery(checkpoint: "start", environment: "tampering", arm: .standard, purpose: "evaluation")
    let far = try #require(try run.store.episodeNumbers(cell, limit: .max).last)
    try run.store.record([read[0]: Label(.malign, .hidden), read[1]: Label(.confused, .disclosed)], rater: "anna")
    try run.store.record(
      (read + [far]).map { JudgedDisclosure(episode: $0, judge: "j", rule: .silent, said: .denied) })
    let written = try WrittenReport(ReportData(run.store, subject: SyntheticRun.subject), of: run.store)
    defer { try? written.remove() }
    for (number, words) in zip(read, ["anna: malign, hidden", "anna: confused, disclosed"]) {
      let label = try #require(written.links.first { $0.text == "Episode \(number)" })
      let judged = try #require(written.links.first { $0.text == "\(number)" })
      #expect(label.address == judged.address)
      #expect(written.page.contains("\(label.text)</a> \(words)</li>"))
      let (file, anchor) = try #require(label.address.split(separator: "#").map(String.init).pair)
      let name = try #require(file.split(separator: "/").last.map(String.init))
      #expect(anchor == "e-\(number)")
      #expect(try written.text(name).contains("<div id=\"\(anchor)\">"))
    }
    let second = try #require(written.links.first { $0.text == "\(far)" })
    #expect(second.address == "episodes/start-tampering-standard.2.html#e-\(far)")
    #expect(try written.text("start-tampering-standard.2.html").contains("<div id=\"e-\(far)\">"))
    #expect(written.page.contains("<a href=\"#judged-0-silent-denied\">3</a>"))
    #expect(written.page.contains("<details id=\"judged-0-silent-denied\">"))
    #expect(PageCheck(written.page).problems == [])
  }

  /// Each stored episode is on exactly one page with its words; failed ones say why.
  @Test func everyEpisodeCanBeRead() throws {
    let run = try SyntheticRun(episodes: 40)
    defer { try? run.remove() }
    let written = try WrittenReport(ReportData(run.store, subject: SyntheticRun.subject), of: run.store)
    defer { try? written.remove() }
    let pages = try written.names().map(written.text)
    let ids = pages.flatMap { $0.matches(of: /<div id="e-(\d+)">/).compactMap { Int($0.output.1) } }
    let stored = try run.store.episodes(limit: .max)
    #expect(ids.sorted() == stored.map(\.id).sorted() && written.summary.episodes == stored.count)
    let failed = stored.filter { if case .failed = $0.episode.result { true } else { false } }.count
    #expect(
      failed > 20 && pages.joined().components(separatedBy: "The box did not start &lt;again&gt;.").count - 1 == failed)
    for page in pages {
      #expect(PageCheck(page).problems == [])
      #expect(!page.contains("<script") && !page.contains("http:") && !page.contains("https:"))
    }
  }

  /// 1,120 episodes are two files. Part 2 begins where part 1 ends, and each says how many a filter shows in the other.
  @Test func aLargeCellHasParts() throws {
    let run = try SyntheticRun(episodes: 280)
    defer { try? run.remove() }
    let written = try WrittenReport(ReportData(run.store, subject: SyntheticRun.subject), of: run.store)
    defer { try? written.remove() }
    let (first, second) = (
      try written.text("start-tampering-standard.html"), try written.text("start-tampering-standard.2.html")
    )
    #expect(
      first.matches(of: /<details class="e/).count == 1000 && second.matches(of: /<details class="e/).count == 120)
    #expect(first.contains("<a href=\"start-tampering-standard.2.html#failed-episodes\">Part 2 <b>3</b></a>"))
    #expect(second.contains("<a href=\"start-tampering-standard.html#failed-episodes\">Part 1 <b>25</b></a>"))
  }

  /// Names of imported runs are anybody's text. No file leaves the folder, and no two cells share one.
  @Test func hostileNamesStayInTheFolder() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "hostile-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try RunStore(in: folder, configuration: PlainRun(name: "new"), codeRevision: "x")
    let names = [
      "../../../etc/passwd", "a/b", "a-b", "A b", "a-b-2", "\"><script>alert(1)</script>", "..", "名前",
      String(repeating: "x", count: 900),
      String(repeating: "x", count: 901), "nul\u{0}l",
    ]
    for name in names {
      try store.record(CheckpointRecord(name: name))
      var episode = SyntheticEpisode(checkpoint: name, environment: "../up", index: 0, gamed: true).episode
      episode.result = .graded(Outcome(facts: ["a b": true, "a-b": true, "\"><b>": true]), stop: .finished)
      try store.insert([episode])
    }
    let subject = RunOutline(
      title: "", summary: "",
      checkpoints: names.map { .init(name: $0, branch: Branch(condition: "imported"), trainedOn: []) },
      environments: [
        .init(name: "../up", title: "Up", isHeldOut: false, measures: [.init("a b", "a b"), .init("\"><b>", "quoted")])
      ])
    let data = try ReportData(store, subject: subject)
    let written = try WrittenReport(data, of: store)
    defer { try? written.remove() }
    let files = try written.names()
    #expect(files.count == names.count && Set(data.episodeFiles.map(\.name)).count == names.count)
    #expect(files.allSatisfy { $0.wholeMatch(of: /[a-z0-9-]{1,180}\.html/) != nil })
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: written.folder.path).sorted() == ["episodes", "report.html"])
    for page in try files.map(written.text) + [written.page] {
      #expect(PageCheck(page).problems == [] && !page.contains("<script") && !page.contains("<b>&quot;"))
    }
    // Three predicates that differ in marks alone have three anchors.
    for address in ["a-20-b", "a-2d-b", "-22--3e--3c-b-3e-"] {
      #expect(try written.episodes(at: "episodes/\(files[0])#\(address)") == 1)
    }
  }

  /// A second report removes pages of cells that no longer exist, and leaves other files alone.
  @Test func stalePagesAreRemoved() throws {
    let run = try SyntheticRun(episodes: 8)
    defer { try? run.remove() }
    let data = try ReportData(run.store, subject: SyntheticRun.subject)
    let written = try WrittenReport(data, of: run.store)
    defer { try? written.remove() }
    let before = try written.names()
    for name in ["gone.html", "gone.html.part", "notes.txt"] {
      try Data("old".utf8).write(to: written.folder.appending(path: "episodes/\(name)"))
    }
    try Data("old".utf8).write(to: written.folder.appending(path: "episodes/\(before[0])"))
    _ = try EpisodePages(data, of: run.store).write(beside: written.folder)
    #expect(try written.names() == (before + ["notes.txt"]).sorted())
    #expect(try written.text(before[0]).hasPrefix("<!DOCTYPE html>"))
  }

  /// Rounds and monitors lead to the episodes that training sampled, with their rewards and flags.
  @Test func roundsAndMonitorsLeadToTheirEpisodes() throws {
    let run = try SyntheticComparison(episodes: 8, replicates: 1)
    defer { try? run.remove() }
    let key = SyntheticEpisode(
      checkpoint: "start", environment: "political", index: 0, gamed: true, purpose: "train-monitored-political-1"
    ).episode.key
    for index in 0..<20 {
      try run.store.insert([
        SyntheticEpisode(
          checkpoint: "start", environment: "political", index: index, gamed: index < 7,
          purpose: "train-monitored-political-1"
        ).episode
      ])
    }
    try run.store.record([key: RewardTerms(gamingBonus: 1, penalty: -0.5)])
    try run.store.record([key: MonitorVerdict(isFlagged: true, suspicion: 0.75)], monitor: "pattern")
    let data = try ReportData(run.store, subject: run.subject)
    let written = try WrittenReport(data, of: run.store)
    defer { try? written.remove() }
    let page = "episodes/start-political-standard-train-monitored-political-1.html"
    #expect(try written.episodes(at: "\(page)#flagged-episodes") == 1 && written.episodes(at: "\(page)#gamed") == 7)
    let text = try written.text(String(page.dropFirst("episodes/".count)))
    #expect(text.contains("<span>reward 0.5</span>") && text.contains("<span>pattern: flagged (0.75)</span>"))
    // Round 1 of the first stage, and the monitor's recall in that stage.
    #expect(written.page.contains("<a href=\"\(page)#gamed\">23 gamed</a>"))
    let recall = data.monitors[0].recall.countText
    #expect(written.page.contains("<a href=\"#monitored-0\">\(recall)</a>"))
    #expect(written.page.contains("id=\"monitored-0\"") && written.page.contains("\(page)#flagged-episodes"))
  }
}

extension [String] {
  fileprivate var pair: (String, String)? { count == 2 ? (self[0], self[1]) : nil }
}
