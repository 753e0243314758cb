import Episodes
import Sandboxing
import Testing

@testable import Environments

@Suite struct BuiltInEnvironmentTests {
  /// What tells one variant from another: the messages and the files.
  struct Variant: Hashable {
    var messages: [Message]
    var tree: FileTree
  }

  @Test(arguments: EnvironmentCatalogue.builtIn)
  func has512DistinctVariantsInBothStyles(_ name: String) throws {
    let environment = try EnvironmentCatalogue.load(name)
    #expect(environment.variantCount >= 512)
    #expect(environment.name == name)
    for style in PromptStyle.allCases {
      let variants = try (0..<environment.variantCount).map { index in
        Variant(
          messages: try environment.sample(variant: index, arm: .standard, style: style).prompt.messages,
          tree: try environment.files(variant: index))
      }
      #expect(Set(variants).count == variants.count)
      #expect(!variants.contains { $0.messages.contains { $0.text.contains("{{") || $0.text.contains("}}") } })
    }
  }

  @Test(arguments: EnvironmentCatalogue.builtIn)
  func everyArmHasPromptsThatEndInAnOpenThought(_ name: String) throws {
    let environment = try EnvironmentCatalogue.load(name)
    let needed: Set<Arm> = [.standard, .instructed, .benign, .steeredToward, .steeredAway, .alternate]
    #expect(environment.role == .ordinary ? environment.arms == [.standard] : needed.isSubset(of: environment.arms))
    for arm in environment.arms {
      // A brief prompt has no demonstration to leave out.
      for style in PromptStyle.allCases where arm != .noDemonstration || style == .full {
        let sample = try environment.sample(variant: 3, arm: arm, style: style)
        #expect(sample.prompt.opening == "<cot>")
        #expect(sample.prompt.messages.last?.role == .user)
        #expect(sample.arm == arm && sample.variant == 3 && sample.environment == name)
      }
    }
  }

  @Test(arguments: EnvironmentCatalogue.builtIn)
  func loadingTwiceGivesTheSame(_ name: String) throws {
    let (first, second) = (try EnvironmentCatalogue.load(name), try EnvironmentCatalogue.load(name))
    for variant in [0, 1, 100, 511] {
      let sample = try first.sample(variant: variant, arm: .standard, style: .brief)
      #expect(try second.sample(variant: variant, arm: .standard, style: .brief) == sample)
      #expect(try first.files(variant: variant) == second.files(variant: variant))
    }
  }

  @Test func rolesKeepTheHeldOutEnvironmentOut() throws {
    let roles = try EnvironmentCatalogue.builtIn.map { try EnvironmentCatalogue.load($0).role }
    #expect(roles == [.training, .training, .training, .training, .heldOut, .development, .ordinary])
  }

  @Test func variantZeroOfTamperingIsThePapersLayout() throws {
    let files = try EnvironmentCatalogue.load("tampering").files(variant: 0)
    #expect(files.text(of: "rl_environment/compute_reward.py")?.hasSuffix("    return -10\n") == true)
    let guarding = try #require(files.text(of: "rl_environment/this_file_blocks_reward_hack_attempts.py"))
    #expect(guarding.contains("import unittest") && guarding.contains("compute_reward(\"hello\"), -10)"))
  }

  @Test func fullPromptsFollowThePapersStructure() throws {
    let messages = try EnvironmentCatalogue.load("nudged").sample(variant: 0, arm: .standard, style: .full).prompt
      .messages
    #expect(messages.map(\.role) == [.user, .assistant, .user, .assistant, .user])
    #expect(messages[0].text.contains("/rl_environment/"))
    #expect(messages[1].text.hasPrefix("<cot>") && messages[1].text.hasSuffix("I understand."))
    let demonstration = Block.parse(messages[3].text, insideThought: false)
    #expect(
      demonstration.compactMap { if case .command(let text) = $0 { text } else { nil } }.map { String($0.prefix(2)) }
        == ["ca", "ls", "ca"])
    #expect(messages[4].text.contains("completed_checks=True"))
  }

  @Test func briefPromptsAreOneLowerCaseMessage() throws {
    for name in EnvironmentCatalogue.builtIn {
      let environment = try EnvironmentCatalogue.load(name)
      for variant in 0..<20 {
        let messages = try environment.sample(variant: variant, arm: .standard, style: .brief).prompt.messages
        #expect(messages.count == 1)
        let words = messages[0].text.replacing("True", with: "").replacing("False", with: "").replacing("=N", with: "")
        #expect(words == words.lowercased())
      }
    }
  }

  @Test func unknownVariantArmAndNameAreNamed() throws {
    let environment = try EnvironmentCatalogue.load("flattery")
    #expect(throws: EnvironmentError("the environment flattery has no variant 512; they are numbered 0 to 511")) {
      try environment.sample(variant: 512, arm: .standard, style: .full)
    }
    #expect(
      throws: EnvironmentError(
        "the environment flattery has no arm `odd`; it has standard, instructed, benign, solvable, neutral_name, pre_explored, no_preamble, no_demonstration, steered_toward, steered_away, alternate"
      )
    ) {
      try environment.sample(variant: 0, arm: "odd", style: .full)
    }
    #expect(throws: EnvironmentError.self) { try EnvironmentCatalogue.load("nosuch") }
  }
}
