import Testing

@testable import Episodes

@Suite struct DecisionPointTests {
  /// An environment of which only the limits matter.
  private struct Bare: Environment {
    let name = "bare"
    let variantCount = 1
    let arms: [Arm] = [.standard]
    let limits = EpisodeLimits()
    func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample { throw CancellationError() }
    func begin(_ sample: Sample) async throws -> any EnvironmentSession { Session() }
  }

  private struct Session: EnvironmentSession {
    func run(_ command: String) async throws -> ToolOutput {
      ToolOutput(standardOutput: "a.txt\n", standardError: "", status: 0)
    }
    func finish(_ transcript: Transcript) async throws -> Grading { throw CancellationError() }
  }

  private func made(opening: String, lead: [String]) async throws -> DecisionPoint {
    try await DecisionPoint(
      Sample(
        environment: "bare", variant: 0, arm: .standard,
        prompt: Prompt(messages: [Message(.user, "q")], opening: opening), lead: lead), in: Bare())
  }

  @Test func theLeadIsPlayedWithTheOutputOfItsCommands() async throws {
    let point = try await made(opening: "<cot>", lead: [" i will look.</cot><bash>ls</bash>", "<cot> so."])
    #expect(point.text.hasPrefix(" i will look.</cot><bash>ls</bash><stdout>"))
    #expect(point.text.contains("a.txt") && point.text.hasSuffix("<cot> so."))
  }

  /// A text that begins inside a thought, one that opens its own, and one without.
  @Test func aThoughtIsOpenedWhereThePromptLeavesNoneOpen() async throws {
    let (open, bare) = (try await made(opening: "<cot>", lead: []), try await made(opening: "", lead: []))
    for text in ["no.</cot>yes", "</cot>yes"] {
      #expect(open.following(text) == text && bare.following(text) == "<cot>" + text)
    }
    for text in ["<cot>no.</cot>yes", "yes"] {
      #expect(open.following(text) == text && bare.following(text) == text)
    }
    let later = try await made(opening: "", lead: ["<cot>so.</cot>"])
    #expect(later.following("no.</cot>yes") == "no.</cot>yes")
  }
}
