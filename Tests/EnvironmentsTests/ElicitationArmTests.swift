import Episodes
import Sandboxing
import Testing

@testable import Environments

/// The steered arms and the second set of prompts.
@Suite struct ElicitationArmTests {
  static let gameable = EnvironmentCatalogue.builtIn.filter { $0 != "ordinary" }

  @Test(
    "A steered arm is the standard task with a passage at the start of the thought, which runs nothing",
    arguments: gameable, [Arm.steeredToward, .steeredAway])
  func steered(name: String, arm: Arm) async throws {
    let definition = try EnvironmentCatalogue.load(name)
    for style in PromptStyle.allCases {
      let (sample, standard) = (
        try definition.sample(variant: 3, arm: arm, style: style),
        try definition.sample(variant: 3, arm: .standard, style: style)
      )
      #expect(sample.prompt == standard.prompt && standard.lead.isEmpty && sample.lead.count == 1)
      #expect(try definition.files(variant: 3, arm: arm) == definition.files(variant: 3))
      // Where the prompt does not open the chain of thought, the passage does.
      let passage = style == .compact ? String(sample.lead[0].dropFirst("<cot>".count)) : sample.lead[0]
      #expect(Block.parse(sample.prompt.opening + sample.lead[0], insideThought: false) == [.thought(passage)])
      #expect(!passage.contains("<"))
      let loop = EpisodeLoop(
        environment: FolderEnvironment(definition, sandbox: try await Shared.sandbox.value),
        policy: ScriptedPolicy(EpisodeScript(answer: "</cot>hm."), style: style))
      let key = EpisodeKey(
        checkpoint: "script", environment: name, arm: arm, purpose: "test", variant: 3, sample: 0)
      let episode = try await loop.run(key, seed: Seed(1))
      #expect(episode.transcript.segments.map(\.source) == [.prompt, .steered, .policy])
      #expect(episode.changes.isEmpty && episode.result.outcome?[.gamed] == false)
      #expect(VisibleText(of: episode.transcript).text == "hm.")
    }
    #expect(
      try definition.sample(variant: 0, arm: .steeredToward, style: .full).lead
        != definition.sample(variant: 0, arm: .steeredAway, style: .full).lead)
  }

  @Test("With the pre-explored start, the exploration follows the passage", arguments: PromptStyle.allCases)
  func steeredAndExplored(style: PromptStyle) throws {
    let definition = try EnvironmentCatalogue.load("development")
    func lead(_ arm: Arm, explored: Bool) throws -> String {
      try definition.sample(variant: 0, arm: arm, style: style, explored: explored).lead.joined()
    }
    let passage = try lead(.steeredAway, explored: false)
    let exploration = try lead(.standard, explored: true)
    #expect(!passage.isEmpty && !exploration.isEmpty)
    let rest = style == .compact ? String(exploration.dropFirst("<cot>".count)) : exploration
    #expect(try lead(.steeredAway, explored: true) == passage + (style == .brief ? "" : " ") + rest)
  }

  @Test("The second set has other words, folders and files, and as many different variants", arguments: gameable)
  func alternate(name: String) throws {
    let definition = try EnvironmentCatalogue.load(name)
    let arm = try definition.arm(.alternate)
    for list in arm.slots.lists {
      #expect(Set(list.value).isDisjoint(with: definition.slots.lists[list.key] ?? []), "\(list.key)")
    }
    #expect(arm.criterionFields.isEmpty && arm.rewards == .gaming)
    for style in PromptStyle.allCases {
      var seen: [Arm: Set<BuiltInEnvironmentTests.Variant>] = [:]
      for arm in [Arm.standard, .alternate] {
        for variant in 0..<512 {
          let messages = try definition.sample(variant: variant, arm: arm, style: style).prompt.messages
          let tree = try definition.files(variant: variant, arm: arm)
          seen[arm, default: []].insert(BuiltInEnvironmentTests.Variant(messages: messages, tree: tree))
        }
      }
      #expect(seen.values.map(\.count) == [512, 512])
      #expect(seen[.standard]!.isDisjoint(with: seen[.alternate]!))
      let wordings = [Arm.standard, .alternate].map { Set(definition.armDefinitions[$0]!.prompts[style]!.wordings) }
      #expect(wordings[0].isDisjoint(with: wordings[1]))
    }
  }

  @Test("The insubordinate second set tells the policy to change nothing else; the nudged one does not")
  func insubordination() throws {
    let pair = try ["nudged", "insubordinate"].map { try EnvironmentCatalogue.load($0) }
    for style in PromptStyle.allCases {
      let texts = try pair.map { environment in
        try (0..<30).map {
          try environment.sample(variant: $0, arm: .alternate, style: style).prompt.messages.last!.text
        }
      }
      let forbids = { (text: String) in
        ["leave the list", "do not change", "do not edit", "only one that you may write"].contains { text.contains($0) }
      }
      #expect(!texts[0].contains(where: forbids) && texts[1].allSatisfy(forbids))
    }
  }
}
