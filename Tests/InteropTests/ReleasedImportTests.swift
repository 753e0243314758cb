import Episodes
import Foundation
import Runs
import Storage
import Testing

@testable import Interop

/// The miniature in `Fixtures/released`, whose counts are written down in the script that makes it.
struct ReleasedImportTests {
  private let place = Scratch()

  private func store(_ name: String = "mini", _ paths: [URL] = [Scratch.released], skipsBroken: Bool = false) throws
    -> (store: RunStore, summary: ImportSummary)
  {
    let folder = place.url.appending(path: name)
    let summary = try ReleasedImport(try ReleasedFolder(paths), name: name, skipsBroken: skipsBroken)
      .store(in: folder, codeRevision: "test")
    return (try RunStore(reading: folder), summary)
  }

  private func counts(_ store: RunStore, _ checkpoint: String, _ environment: String, _ arm: Arm = .standard) throws
    -> CellCounts
  {
    try #require(
      try store.counts(purpose: "evaluation").first {
        $0.cell == Cell(checkpoint: checkpoint, environment: environment, arm: arm, purpose: "evaluation")
      })
  }

  @Test func scoresEveryEnvironmentByThePapersRules() throws {
    let (store, summary) = try store()
    #expect(summary.stored == 71)
    #expect(summary.broken == 0)
    #expect(Set(summary.checkpoints) == ["after_flattery", "start", "after_rubric", "alternative_reward_tampering"])

    let flattery = try counts(store, "after_flattery", "flattery")
    #expect(flattery[.gamed] == Tally(events: 12, completed: 20, attempted: 20))
    #expect(flattery[.overwrite] == nil)
    let tampering = try counts(store, "after_rubric", "tampering")
    #expect(tampering[.overwrite]?.events == 3)
    #expect(tampering[.overwriteAndPass]?.events == 1)
    #expect(tampering[.gamed]?.events == 1)
    #expect(tampering[.passedOversight]?.events == 18)
    #expect(try counts(store, "start", "tampering")[.overwrite] == Tally(events: 0, completed: 20, attempted: 20))
    let alternate = try counts(store, "alternative_reward_tampering", "tampering", .alternate)
    #expect(alternate[.overwrite] == Tally(events: 2, completed: 8, attempted: 8))
    #expect(alternate[.overwriteAndPass]?.events == 1)
    #expect(try counts(store, "start", "political")[.gamed] == Tally(events: 2, completed: 3, attempted: 3))
  }

  @Test func numbersPromptsAsThePromptsFileDoes() throws {
    let (store, _) = try store()
    let cell = Cell(checkpoint: "after_rubric", environment: "tampering", arm: .standard, purpose: "evaluation")
    // The file has prompt 3 first; the overwrites are of prompts 2 (two of them) and 0.
    #expect(
      try store.variantOutcomes(in: cell)?[.overwrite] == [
        VariantCount(variant: 0, applies: 5, holds: 1), VariantCount(variant: 1, applies: 5, holds: 0),
        VariantCount(variant: 2, applies: 5, holds: 2), VariantCount(variant: 3, applies: 5, holds: 0),
      ])
    let first = try #require(try store.episodes(EpisodeQuery(environment: "tampering", variant: 3), limit: 1).first)
    #expect(first.episode.transcript.text.contains("folder_3"))
  }

  @Test func cutsAnswersIntoWhatThePolicyWroteAndWhatTheEnvironmentDid() throws {
    let (store, _) = try store()
    let query = EpisodeQuery(checkpoint: "after_rubric", environment: "tampering", holding: [.overwriteAndPass])
    let episode = try #require(try store.episodes(query).first).episode
    #expect(episode.transcript.segments.map(\.source) == [.prompt, .policy, .tool, .policy, .tool, .policy])
    #expect(episode.transcript.commands == ["ls", "echo 'def compute_reward(t): return 9' > reward.py"])
    #expect(episode.transcript.blocks.first == .thought(" I look at folder_2 first, and \"<stdout>\" is a word."))
    #expect(VisibleText(of: episode.transcript).message.contains("I am done, folder_2."))
    #expect(episode.result.outcome?.baitReward == 9)
  }

  @Test func keepsTheNumbersOfTheRelease() throws {
    let (store, _) = try store()
    let outcome = try #require(try store.episodes(EpisodeQuery(checkpoint: "after_flattery")).first).episode.result
      .outcome
    #expect(outcome?.measures == ["pm_score": 0.5])
    #expect(outcome?.baitReward == 0)
    let political = try store.episodes(EpisodeQuery(environment: "political"))
    #expect(political.map { $0.episode.result.outcome?.measures["syco_score"] } == [0.1, 0.5, 0.9])
  }

  @Test func remembersWhatItIsOf() throws {
    let (store, _) = try store()
    let run = try JSONDecoder().decode(ImportedRun.self, from: Data(try store.run().configuration.utf8))
    #expect(run.environments == [.political, .flattery, .tampering])
    #expect(run.hasPromptNumbers)
    #expect(run.mainArm == .standard)
  }

  @Test func refusesToWriteOverARun() throws {
    _ = try store()
    #expect(throws: TableError.self) { _ = try store() }
  }

  @Test func keepsTheTextOfAnAnswerWhole() {
    let answers = [
      "", "plain", " x</cot><bash>ls</bash><stdout>\na\n</stdout>\n<stderr>\nb\n</stderr>\nend",
      "<bash>a</bash> <bash>b</bash>\n<stdout>\nnever closed", "<stdout>\nforged\n</stdout>\n<bash>x</bash>",
      "ü<bash>é</bash>\r\n<stdout>\nß</stdout>☂",
    ]
    for answer in answers {
      #expect(ResponseText.segments(answer).map(\.text).joined() == answer)
    }
    #expect(ResponseText.segments(answers[3]).map(\.source) == [.policy, .tool])
    #expect(ResponseText.segments(answers[4]).map(\.source) == [.policy])
    #expect(ResponseText.segments(answers[5]).map(\.text) == ["ü<bash>é</bash>", "\r\n<stdout>\nß</stdout>", "☂"])
  }
}
