import Episodes
import Foundation
import Reporting
import Runs
import Storage
import TestSupport
import Testing

@testable import Dashboard

/// What the pages show.
@Suite struct PageTests {
  private static func links(_ html: String) -> [String] {
    html.matches(of: /<li><a href="(episode\?[^"]+)"/).map { plain($0.output.1) }
  }

  private static func plain(_ address: Substring) -> String { String(address).replacing("&amp;", with: "&") }

  /// The address of a link to another page of the list.
  private static func link(_ relation: String, in html: String) -> String? {
    html.matches(of: /<a rel="(prev|next)" href="([^"]+)"/).first { $0.output.1 == relation }.map { plain($0.output.2) }
  }

  /// Every episode appears on exactly one page, forwards and backwards, in the order of the keys.
  @Test func pagesHoldEveryEpisodeOnce() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 60)
    let served = try await ServedRuns.start(folder)
    let numbers = try store.episodeNumbers(EpisodeQuery(), limit: .max)
    let expected = try store.rows(numbered: numbers).map {
      "episode?key=" + EpisodeAddress.path(of: $0.key).encodedForQuery
    }
    #expect(expected.count == 180)
    var pages: [[String]] = []
    var next: String? = "episodes"
    while let target = next {
      let answer = try await served.get("/runs/first/\(target)")
      #expect(answer.status == 200)
      pages.append(Self.links(answer.body))
      next = Self.link("next", in: answer.body)
    }
    #expect(pages.map(\.count) == [50, 50, 50, 30])
    #expect(pages.flatMap(\.self) == expected)
    // From the last page back to the first.
    var back: [[String]] = []
    let last = try #require(MadeUp.checkpoints.last)
    var previous: String? = "episodes?before=" + EpisodeAddress.path(of: MadeUp.key(59, last)).encodedForQuery
    while let target = previous {
      let answer = try await served.get("/runs/first/\(target)")
      back.insert(Self.links(answer.body), at: 0)
      previous = Self.link("prev", in: answer.body)
    }
    #expect(back.flatMap(\.self) == expected.dropLast())
    #expect(back.dropFirst().allSatisfy { $0.count == 50 })
  }

  /// The counts beside facets are those of the lists that they lead to.
  @Test func facetsCountWhatTheyLeadTo() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("first", in: folder, episodes: 60)
    let served = try await ServedRuns.start(folder)
    let page = try await served.get("/runs/first/episodes?checkpoint=start&holding=gamed")
    // Of 0..<60, twenty are divisible by three; of those 21 and 54 leave ten when divided by eleven and fail.
    #expect(page.body.contains("18 episodes in the order"))
    #expect(Self.links(page.body).count == 18)
    let facets = page.body.matches(
      of: /<li><a (?:class="chosen" aria-current="true" )?href="(episodes[^"]*)"><span>[^<]*<\/span> <b>([\d,]+)<\/b>/)
    #expect(facets.count == 6)
    for facet in facets where !facet.output.0.contains("chosen") {
      let target = Self.plain(facet.output.1)
      let list = try await served.get("/runs/first/\(target)")
      let count = Int(facet.output.2) ?? -1
      #expect(list.body.contains(count == 1 ? ">1 episode in" : ">\(count) episodes in"), "\(target)")
    }
    let second = try await served.get("/runs/first/episodes?sequence=2")
    #expect(second.body.contains("60 episodes in") && second.body.contains("sequence: 2"))
    let failed = try await served.get("/runs/first/episodes?failed=yes")
    #expect(failed.body.contains("15 episodes in"))
  }

  /// The full text is indexed beside the run, without a write to it, and combined with facets.
  @Test func searchFindsWordsInEpisodes() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 40)
    let before = try Data(contentsOf: RunStore.file(in: store.folder))
    let served = try await ServedRuns.start(folder)
    let all = try await served.wait("/runs/first/episodes?q=marble", for: ">120 episodes hold")
    #expect(all.body.contains("120 episodes hold all words") && all.body.contains("<mark>marble</mark>"))
    let one = try await served.wait("/runs/first/episodes?q=%22marble+17%22&checkpoint=start", for: ">1 episode holds")
    #expect(one.body.contains(">1 episode holds"))
    #expect(Self.links(one.body).count == 1)
    // `marble` stands in the reasoning and `cat` in commands.
    #expect(try await served.get("/runs/first/episodes?q=marble&where=said").body.contains(">0 episodes hold"))
    #expect(try await served.get("/runs/first/episodes?q=poem&where=commands").body.contains(">120 episodes hold"))
    // 13 of 0..<40 that are divisible by three and do not fail, in each of three checkpoints; 21 fails.
    #expect(try await served.get("/runs/first/episodes?q=mar*&holding=gamed").body.contains(">39 episodes hold"))
    for strange in ["%22", "*", "AND", "said:x", "a%20OR%20b", "%22a", "NEAR(", "%00", "';--"] {
      #expect(try await served.get("/runs/first/episodes?q=\(strange)").status == 200, "\(strange)")
    }
    #expect(try Data(contentsOf: RunStore.file(in: store.folder)) == before)
  }

  @Test func anEpisodeHasNeighboursAndAllViews() async throws {
    let folder = try ServedRuns.newFolder()
    let store = try MadeUp.run("first", in: folder, episodes: 20)
    try store.record([MadeUp.key(6): RewardTerms(gamingBonus: 1.5, preferenceScore: 0.25, penalty: -0.5)])
    let served = try await ServedRuns.start(folder)
    let key = EpisodeAddress.path(of: MadeUp.key(6)).encodedForQuery
    let page = try await served.get("/runs/first/episode?key=\(key)&holding=gamed")
    #expect(page.status == 200)
    for text in [
      "I look at marble 6.", "cat poem.txt", "rating = 6", "gaming bonus</span> <b>1.5", "total</span> <b>1.25",
      "printed by the reward command</span> <b>2.5",
    ] {
      #expect(page.body.contains(text), "\(text)")
    }
    func neighbour(_ relation: String) -> String? { Self.link(relation, in: page.body) }
    #expect(neighbour("prev") == "episode?key=\(EpisodeAddress.path(of: MadeUp.key(3)).encodedForQuery)&holding=gamed")
    #expect(neighbour("next") == "episode?key=\(EpisodeAddress.path(of: MadeUp.key(9)).encodedForQuery)&holding=gamed")
    let tokens = try await served.get("/runs/first/tokens?key=\(key)")
    #expect(tokens.body.contains("class=\"token sampled p3\" title=\"4, -3 nats, p = 0.0498\""))
    #expect(tokens.body.contains("class=\"token masked\" title=\"9\""))
    let pair = try await served.get("/runs/first/pair?key=\(key)&with=gaming.2%2Fflattery")
    #expect(pair.body.components(separatedBy: "I look at marble 6.").count == 3)
    #expect(try await served.get("/runs/first/text?key=\(key)").headers["content-type"] == "text/plain; charset=utf-8")
    #expect(try await served.get("/runs/first/episode?key=start").status == 400)
    #expect(try await served.get("/runs/first/episode?key=start/flattery/standard/evaluation/99/0").status == 404)
  }

  /// The run's page is the report's: a count leads to the list of as many episodes.
  @Test func theMatrixLeadsToItsEpisodes() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("first", in: folder, episodes: 40)
    let served = try await ServedRuns.start(folder)
    let page = try await served.wait("/runs/first/", for: "class=\"matrix gaming\"")
    let cell = try #require(
      page.body.firstMatch(of: /<a href="(episodes\?checkpoint=start&amp;[^"]*holding=gamed)">(\d+)\/(\d+)/))
    let list = try await served.get("/runs/first/" + Self.plain(cell.output.1))
    #expect(cell.output.2 == "13" && list.body.contains(">13 episodes in"))
    #expect(!page.body.contains("episodes/"))
  }
}
