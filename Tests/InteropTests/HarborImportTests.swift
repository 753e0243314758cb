import Episodes
import Foundation
import Storage
import Testing

@testable import Interop

/// Trials that Harbor's own models have checked (`Fixtures/make_trials.py`), and trajectories by hand.
@Suite struct HarborImportTests {
  private let place = Scratch()
  private static let trials = Bundle.module.resourceURL?.appending(path: "Fixtures/trials") ?? URL(filePath: "/")

  private func imported(_ paths: [URL], environment: String? = nil) throws -> (RunStore, LogImport.Summary) {
    let folder = place.url.appending(path: "run")
    let summary = try LogImport(LogFolder(paths), name: "run", environment: environment)
      .store(in: folder, codeRevision: "test")
    return (try RunStore(reading: folder), summary)
  }

  @Test func trialsWithTheirRewards() throws {
    let (store, summary) = try imported([Self.trials])
    #expect(summary.stored == 4 && summary.checkpoints == ["terminus-2/openai/gpt"])
    #expect(summary.environments == ["count", "sort"])
    let count = try store.episodes(EpisodeQuery(environment: "count")).map(\.episode)
    try #require(count.count == 3)
    #expect(count.map(\.key.sample) == [0, 1, 2] && count.allSatisfy { $0.key.variant == 0 })
    #expect(
      count[0].result
        == .graded(
          Outcome(facts: ["reward": true, .answered: true], measures: ["reward": 1, "speed": 0.5]), stop: .finished))
    #expect(
      count[1].result
        == .graded(Outcome(facts: ["reward": false, .answered: true], measures: ["reward": 0]), stop: .commandLimit))
    #expect(
      count[2].result == .failed(EpisodeFailure(boundary: .sandbox, message: "EnvironmentStartTimeoutError: no box")))
    // 100 + 150 tokens read and 20 + 5 written, by the steps.
    #expect(count[0].usage == TokenUsage(read: 250, cached: 30, written: 25, cost: 0.25))
  }

  @Test func stepsBecomeTheTranscript() throws {
    let (store, _) = try imported([Self.trials])
    let first = try #require(try store.episodes(EpisodeQuery(environment: "count")).first).episode.transcript
    #expect(first.segments.map(\.source) == [.prompt, .policy, .tool, .tool, .policy])
    #expect(
      first.segments[0].text == "<|system|>Use the shell.<|end|><|user|>Count the files.<|end|><|assistant|>")
    #expect(
      first.segments[1].text == "<cot>there may be many</cot>I look.<bash>ls\n</bash><bash>mark {\"done\":true}</bash>")
    #expect(first.segments[2].text == "<stdout>\none two\n</stdout>\n")
    // What no model wrote was put into its mouth.
    let second = try #require(try store.episodes(EpisodeQuery(environment: "count")).dropFirst().first).episode
    #expect(second.transcript.segments.map(\.source) == [.prompt, .steered, .policy, .tool, .tool])
    // The copied step of the continuation is not repeated; the reward comes from the verifier's file.
    let sort = try #require(try store.episodes(EpisodeQuery(environment: "sort")).first).episode
    #expect(sort.transcript.segments.map(\.source) == [.prompt, .policy, .tool, .tool, .user, .user, .policy])
    #expect(sort.result.outcome?.measures == ["reward": 0.75] && sort.result.outcome?.facts["reward"] == false)
    #expect(sort.usage == TokenUsage(read: 157, written: 8))
  }

  @Test func loneTrajectoriesAreNamedByTheirFile() throws {
    let file = place.url.appending(path: "puzzle.json")
    let json =
      #"{"schema_version": "ATIF-v1.2", "agent": {"name": "a", "version": "1"}, "steps": [{"step_id": 1, "#
      + #""source": "agent", "message": [{"type": "text", "text": "hi"}, {"type": "image", "source": {}}]}]}"#
    try Data(json.utf8).write(to: file)
    let (store, summary) = try imported([file])
    #expect(summary.environments == ["puzzle"] && summary.checkpoints == ["a"])
    let episode = try #require(try store.episodes().first).episode
    #expect(episode.transcript.text == "hi\n[image]" && episode.result.outcome?.facts == ["answered": true])
  }
}
