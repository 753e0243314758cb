import Episodes
import Foundation
import Runs
import Storage
import TestSupport
import Testing

@testable import Dashboard

/// Several runs on one page, and several measurements of one token.
@Suite struct TogetherTests {
  @Test func runsStandBesideEachOther() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("first", in: folder, episodes: 40)
    _ = try MadeUp.run("second", in: folder, episodes: 88)
    let served = try await ServedRuns.start(folder)
    let page = try await served.wait("/compare?runs=first,second", for: "class=\"plain stack compared\"")
    // Every third of 40 games, 14, and every eleventh fails: 10, 21 and 32 of them (21 games); of 88 30 game, 8 fail, and
    // 21, 54 and 87 of those would have gamed.
    #expect(page.body.contains(">13/37</a>") && page.body.contains(">27/80</a>"), "\(page.body)")
    #expect(page.body.contains("/runs/second/episodes?checkpoint=start&amp;environment=flattery"))
    #expect(page.body.contains("not distinguishable") && page.body.contains("Holm"))
    // The two sequences of the condition are one row: both have the start's counts.
    #expect(page.body.contains("gaming.*/flattery") && page.body.contains("26/74"))
    #expect(!page.body.contains("gaming.2/flattery"))
    let repeated = try await served.get("/compare?runs=first&runs=second&runs=first")
    #expect(repeated.body.contains("<h1>first and second</h1>"))
  }

  @Test func theChoiceOfRunsNeedsNoScript() async throws {
    let folder = try ServedRuns.newFolder()
    for index in 1...8 { _ = try MadeUp.run("run\(index)", in: folder, episodes: 4) }
    let served = try await ServedRuns.start(folder)
    let all = (1...8).map { "run\($0)" }
    for target in ["/compare", "/compare?runs=run3"] {
      let page = try await served.get(target)
      #expect(page.status == 200 && page.body.contains("<form class=\"choose\" method=\"get\" action=\"/compare\">"))
      for name in all { #expect(page.body.contains("name=\"runs\" value=\"\(name)\""), "\(name)") }
    }
    #expect(try await served.get("/compare?runs=run3").body.contains("value=\"run3\" checked"))
    #expect(try await served.get("/").body.contains("href=\"/compare\""))
    #expect(try await served.get("/compare?runs=run1,none").status == 404)
    #expect(try await served.get("/compare?runs=run1,..%2F..%2Fetc").status == 404)
    let many = try await served.get("/compare?runs=" + all.joined(separator: ","))
    #expect(many.status == 400 && many.body.contains("At most 6 runs"))
  }

  /// A run without a checkpoint in common, and one without episodes, are said and break nothing.
  @Test func whatCannotBeComparedIsSaid() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("first", in: folder, episodes: 8)
    let other = try RunStore(
      in: folder.appending(path: "other"), configuration: PlainRun(name: "other"), codeRevision: "abc")
    try other.record(CheckpointRecord(name: "elsewhere"))
    try other.insert((0..<8).map { MadeUp.episode($0, "elsewhere") })
    _ = try RunStore(in: folder.appending(path: "empty"), configuration: PlainRun(name: "empty"), codeRevision: "abc")
    let served = try await ServedRuns.start(folder)
    let none = try await served.wait("/compare?runs=first,other", for: "no checkpoint in common")
    #expect(none.status == 200 && none.body.contains("first and other have no checkpoint in common."))
    let empty = try await served.wait("/compare?runs=first,empty", for: "has no episodes")
    #expect(empty.status == 200 && empty.body.contains("class=\"problem\" role=\"alert\""))
  }

  /// The sampler drew with -0.25, -3, -0.5 and -0.125; the trainer says -3.5 for the second, and the same for the others:
  /// 0.5 at most, 0.125 on average, one framed.
  @Test func theGapBetweenSamplerAndTrainer() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("first", in: folder, episodes: 4)
    let served = try await ServedRuns.start(folder) { store, file, transcript in
      #expect(file.lastPathComponent == "start.safetensors" && transcript.segments.count == 4)
      return try store.run().name == "first" ? [-0.25, -3.5, -0.5, -0.125] : []
    }
    let address = "/runs/first/tokens?key=start/flattery/standard/evaluation/0/1"
    let plain = try await served.get(address)
    #expect(plain.body.contains("The store holds the sampler’s log-probabilities alone."))
    #expect(plain.body.contains("&amp;trainer=yes\">Compute") && !plain.body.contains("gap"))
    let page = try await served.get(address + "&trainer=yes")
    #expect(
      page.body.contains("differ by 0.125 nats on average and 0.5 at most, over 4 tokens; 1 differ by more than 0.01"))
    #expect(
      page.body.contains("class=\"token sampled p3 gap\" title=\"4, -3 nats, p = 0.0498; trainer -3.5 nats, gap -0.5\"")
    )
    #expect(
      page.body.contains("class=\"token sampled p0\" title=\"3, -0.25 nats, p = 0.779; trainer -0.25 nats, gap 0\""))
    #expect(page.body.contains("class=\"token masked\" title=\"9\""))
  }

  /// A text longer than the context has fewer; a checkpoint that cannot be read is a line on the page.
  @Test func theTrainerMayHaveLessToSay() async throws {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("first", in: folder, episodes: 4)
    struct Unreadable: LocalizedError { var errorDescription: String? { "The file is <damaged>." } }
    let short = try await ServedRuns.start(folder, isLast: false) { _, _, _ in [-0.25] }
    let address = "/runs/first/tokens?key=start/flattery/standard/evaluation/0/1&trainer=yes"
    #expect(try await short.get(address).body.contains("over 1 tokens; 0 differ by more than 0.01"))
    #expect(try await short.get(address).body.contains("3 tokens have only one of the two."))
    let broken = try await ServedRuns.start(folder) { _, _, _ in throw Unreadable() }
    let page = try await broken.get(address)
    #expect(page.status == 200 && page.body.contains("cannot be computed. The file is &lt;damaged&gt;."))
    #expect(page.body.contains("title=\"4, -3 nats, p = 0.0498\""))
  }
}
