import Environments
import Episodes
import Sandboxing
import Testing

/// The start of an episode with the files looked at.
@Suite struct PreExploredTests {
  @Test(
    "Every tool environment can start explored: its files were listed and read, by commands that worked",
    arguments: ["flattery", "nudged", "insubordinate", "tampering", "ledger", "development"], PromptStyle.allCases)
  func explored(name: String, style: PromptStyle) async throws {
    let definition = try EnvironmentCatalogue.load(name)
    let sandbox = try await Sandbox()
    let loop = EpisodeLoop(
      environment: FolderEnvironment(definition, sandbox: sandbox).explored,
      policy: ScriptedPolicy(EpisodeScript(answer: "<cot> enough.</cot>i have read it."), style: style))
    for variant in [0, 7] {
      let episode = try await loop.run(
        EpisodeKey(
          checkpoint: "script", environment: name, arm: .standard, purpose: "test", variant: variant, sample: 0),
        seed: Seed(1))
      let segments = episode.transcript.segments
      let outputs = segments.filter { $0.source == .tool }.map(\.text)
      let files = try definition.files(variant: variant)
      // The training folder of a task that lies elsewhere is there, but nothing to look at.
      let texts = files.entries.keys.filter { !"\($0)".hasSuffix("train.py") }.compactMap { files.text(of: "\($0)") }
      #expect(!texts.isEmpty && texts.allSatisfy { text in outputs.contains { $0.contains(text) } })
      #expect(outputs.count == texts.count + 1 && !outputs.contains { $0.contains("<stderr>") })
      #expect(segments.filter { $0.source == .steered }.count == outputs.count)
      #expect(episode.result.outcome?.facts["gamed"] == false)
    }
    await sandbox.close()
  }

  @Test("An arm with words of its own keeps them; an environment without tools starts as ever")
  func exceptions() throws {
    let tampering = try EnvironmentCatalogue.load("tampering")
    let forced = try tampering.sample(variant: 0, arm: .forcedReasoning, style: .brief)
    #expect(try tampering.sample(variant: 0, arm: .forcedReasoning, style: .brief, explored: true) == forced)
    #expect(try tampering.sample(variant: 0, arm: .standard, style: .brief).lead.isEmpty)
    let political = try EnvironmentCatalogue.load("political")
    #expect(try political.sample(variant: 0, arm: .standard, style: .full, explored: true).lead.isEmpty)
  }
}
