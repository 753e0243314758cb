import Episodes
import Foundation
import Runs
import Storage
import Testing

@testable import Interop

/// Logs that Inspect wrote (`Fixtures/make_logs.py`), against what Inspect reads in them.
@Suite struct LogImportTests {
  private let place = Scratch()
  static let logs = Bundle.module.resourceURL?.appending(path: "Fixtures/logs") ?? URL(filePath: "/")

  private struct Expected: Decodable {
    struct Sample: Decodable {
      var epoch: Int
      var error: String?
      var limit: String?
      var messages: [[String]]
      var usage: [String: [Int]]
    }
    var status: String
    var samples: [Sample]
  }

  private func imported(_ names: [String], as name: String = "theirs", thresholds: [String: Double] = [:]) throws -> (
    store: RunStore, summary: LogImport.Summary
  ) {
    let folder = place.url.appending(path: name)
    let logs = try LogFolder(names.map { Self.logs.appending(path: $0) })
    let summary = try LogImport(logs, name: name, thresholds: thresholds).store(in: folder, codeRevision: "test")
    return (try RunStore(reading: folder), summary)
  }

  private static func expected(_ log: String) throws -> Expected {
    let all = try JSONDecoder().decode(
      [String: Expected].self, from: Data(contentsOf: logs.appending(path: "expected.json")))
    return try #require(all[log])
  }

  /// The roles and texts of a transcript as an export would write them.
  private static func messages(_ transcript: Transcript) -> [[String]] {
    let dialogue = Dialogue(transcript)
    return dialogue.prompt.messages.map { [$0.role, $0.text] }
      + dialogue.entries.flatMap { entry -> [[String]] in
        switch entry {
        case .request(let text): [["user", text]]
        case .answer(let answer):
          [["assistant", answer.visible]] + (answer.output.map { [["tool", $0]] } ?? [])
        }
      }
  }

  @Test(arguments: [("arithmetic", "eval"), ("limited", "eval"), ("limited", "json")])
  func samplesAreAsInspectReadsThem(_ log: String, _ ending: String) throws {
    let (store, summary) = try imported(["\(log).\(ending)"])
    let expected = try Self.expected(log)
    #expect(summary.stored == expected.samples.count && summary.files[0].status == expected.status)
    #expect(summary.checkpoints == ["mockllm/model"] && summary.environments == [log])
    // The script writes the samples in the order of their IDs as texts.
    let ids = log == "arithmetic" ? [3, 3, 4, 4, 2, 2, 0, 0, 1, 1] : [1, 2]
    for (sample, variant) in zip(expected.samples, ids) {
      let query = EpisodeQuery(environment: log, variant: variant)
      let episode = try #require(
        try store.episodes(query).first { $0.episode.key.sample == sample.epoch - 1 }
      ).episode
      for (message, said) in zip(Self.messages(episode.transcript), sample.messages) {
        #expect(message[0] == said[0])
        let text = message[0] == "user" || message[0] == "system" ? said[1] : said[1].withoutProtocolTags
        let isSame = message[0] == "tool" ? text.isEmpty || message[1].contains(text) : message[1] == text
        #expect(isSame, "\(message) \(said)")
      }
      #expect(Self.messages(episode.transcript).count == sample.messages.count)
      let usage = sample.usage["mockllm/model"]
      // Two tokens of each call came from the cache.
      #expect(episode.usage?.read == usage.map { $0[0] + $0[0] / 5 } && episode.usage?.written == usage.map { $0[1] })
      switch episode.result {
      case .failed(let failure): #expect(failure.message == sample.error && failure.boundary == .policy)
      case .graded(let outcome, let stop):
        #expect(sample.error == nil && (stop == .commandLimit) == (sample.limit == "message"))
        #expect(outcome.measures["limit_message"] == (sample.limit == nil ? nil : 6))
      }
    }
  }

  @Test func scoresBecomeFactsAndMeasures() throws {
    let (store, _) = try imported(["arithmetic.eval"], thresholds: ["length": 12])
    func outcome(_ variant: Int) throws -> Outcome? {
      try store.episodes(EpisodeQuery(variant: variant)).first?.episode.result.outcome
    }
    // From expected.json: "4", then "It is 4. ran ls -l\nech", then 5 expected and 4 said.
    #expect(
      try outcome(0)
        == Outcome(
          facts: ["includes": true, "manner_brief": true, "manner_polite": true, "length": false, .answered: true],
          measures: ["includes": 1, "length": 1, "manner_brief": 1]))
    #expect(
      try outcome(1)
        == Outcome(
          facts: ["includes": true, "manner_brief": false, "manner_polite": true, "length": true, .answered: true],
          measures: ["includes": 1, "length": 21, "manner_brief": 0.5]))
    #expect(try outcome(3) == nil)
    #expect(try outcome(4)?.facts["includes"] == false && outcome(4)?.measures["includes"] == 0)
    let counts = try #require(try store.counts(purpose: "evaluation").first)
    #expect(counts.attempted == 10 && counts.completed == 8)
    #expect(counts["includes"] == Tally(events: 6, completed: 8, attempted: 10))
  }

  @Test func thoughtsAreHiddenAndCommandsAreCommands() throws {
    let (store, _) = try imported(["arithmetic.eval"])
    let episode = try #require(try store.episodes(EpisodeQuery(variant: 1)).first).episode
    #expect(episode.transcript.commands == ["ls -l\necho 'x'"])
    #expect(episode.transcript.segments.map(\.source) == [.prompt, .policy, .tool, .policy])
    #expect(VisibleText(of: episode.transcript).message.contains("It is 4."))
    #expect(!VisibleText(of: episode.transcript).message.contains("secret"))
    #expect(episode.transcript.blocks.contains(.thought("the secret <\\bash>rm<\\/bash> thought")))
    let failing = try #require(try store.episodes(EpisodeQuery(variant: 2)).first).episode
    #expect(failing.transcript.commands == ["fail", #"lookup {"word":"a","times":2}"#])
    #expect(failing.transcript.segments[2].text == "<stderr>\nno such command\n</stderr>\n")
  }

  @Test func theRunSaysWhatItHolds() throws {
    let (store, summary) = try imported(["arithmetic.eval", "limited.json"])
    let run: ImportedRun = try store.configuration()
    #expect(run.logs.map(\.episodes) == [10, 2] && summary.stored == 12)
    let outline = try run.outline(checkpoints: store.checkpoints().map(\.name))
    #expect(outline.environments.map(\.name) == ["arithmetic", "limited"])
    #expect(
      outline.environments[0].measures.map(\.predicate) == ["includes", "manner_polite", "manner_brief", .answered])
    let names = ["plain": 0, "with tool": 1, "fail/../x": 2, "break": 3, "dialogue": 4]
    #expect(try store.result(of: StepFamily.sampleIDs["arithmetic"]) == names)
    // The samples of the other log have the numbers 1 and 2.
    #expect(try store.result(of: StepFamily.sampleIDs["limited"]) == nil)
  }

  /// The copy of a log holds the same samples; another evaluation of the same task adds epochs.
  @Test func samplesOfACopyCountOnce() throws {
    let (store, summary) = try imported(["limited.eval", "limited.json"])
    #expect(summary.files.map(\.stored) == [2, 0] && summary.files.map(\.repeated) == [0, 2])
    #expect(try store.count(EpisodeQuery()) == 2)
  }
}
