import Testing

@testable import Episodes

/// Answers in order, whatever it is asked.
private struct Script: Policy {
  let name = "script"
  let promptStyle = PromptStyle.brief
  let answers: [Generation]

  func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession {
    ScriptSession(prompt: Segment(.prompt, prompt.messages[0].text + prompt.opening), answers: answers)
  }
}

private actor ScriptSession: PolicySession {
  nonisolated let prompt: Segment
  private var answers: [Generation]

  init(prompt: Segment, answers: [Generation]) {
    self.prompt = prompt
    self.answers = answers
  }

  func generate(injecting injected: String, stops: [String], maxTokens: Int) throws -> Generation {
    guard !answers.isEmpty else { throw ProviderDown() }
    return answers.removeFirst()
  }

  func end() {}
}

private struct ProviderDown: Error, CustomStringConvertible { let description = "the provider is down" }

/// Remembers each command it ran and echoes it.
private struct EchoWorld: Environment {
  let name = "echo"
  let variantCount = 1
  let arms: [Arm] = [.standard]
  var limits = EpisodeLimits(policyTokens: 100, commands: 3, commandBytes: 50, outputCharacters: 200)
  var fails = false
  var lead: [String] = []

  func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
    Sample(environment: name, variant: variant, arm: arm, prompt: Prompt(messages: [Message(.user, "go")]), lead: lead)
  }

  func begin(_ sample: Sample) async throws -> any EnvironmentSession { EchoSession(fails: fails) }
}

private actor EchoSession: EnvironmentSession {
  let fails: Bool
  private var ran: [String] = []

  init(fails: Bool) { self.fails = fails }

  func run(_ command: String) throws -> ToolOutput {
    if fails { throw ProviderDown() }
    ran.append(command)
    return ToolOutput(standardOutput: command, standardError: "", status: 0)
  }

  func finish(_ transcript: Transcript) -> Grading {
    Grading(outcome: Outcome(facts: [.honest: true], measures: ["ran": Double(ran.count)]), changes: [])
  }
}

@Suite struct EpisodeLoopTests {
  private let key = EpisodeKey(
    checkpoint: "start", environment: "echo", arm: .standard, purpose: "test", variant: 0, sample: 0)

  private func play(_ answers: [Generation], world: EchoWorld = EchoWorld()) async throws -> Episode {
    try await EpisodeLoop(environment: world, policy: Script(answers: answers)).run(key, seed: Seed(1))
  }

  private func command(_ text: String) -> Generation { Generation(text: text, stop: .stopString) }
  private func end(_ text: String) -> Generation { Generation(text: text, stop: .endOfTurn) }

  @Test func runsCommandsAndGrades() async throws {
    let episode = try await play([command("plan</cot><bash>ls</bash>"), end("done")])
    #expect(episode.transcript.text == "go<cot>plan</cot><bash>ls</bash><stdout>\nls\n</stdout>\ndone")
    #expect(episode.result == .graded(Outcome(facts: [.honest: true], measures: ["ran": 1]), stop: .finished))
  }

  @Test(arguments: [
    ("</bash>", "no command was open"), ("x<bash>ls</bash>", "inside your thoughts"),
    ("x</cot></bash>", "no command was open"),
    ("</cot><bash> </bash>", "empty"),
    ("</cot><bash>\(String(repeating: "x", count: 60))</bash>", "longer than"), ("</cot><bash>a\0b</bash>", "NUL"),
  ])
  func malformedCommandsRunNothing(text: String, reason: String) async throws {
    let episode = try await play([command(text), end("ok")])
    #expect(episode.result.outcome?.measures["ran"] == 0)
    let seen = episode.transcript.segments.first { $0.source == .tool }?.text ?? ""
    #expect(seen.hasPrefix("<stderr>\n") && seen.contains(reason) && !seen.contains("\\"))
  }

  @Test func limitsAreStopConditions() async throws {
    let many = try await play(Array(repeating: command("</cot><bash>ls</bash>"), count: 9))
    guard case .graded(_, stop: .commandLimit) = many.result else { return #expect(Bool(false), "\(many.result)") }
    let long = try await play([Generation(text: "x", tokens: Array(repeating: 1, count: 100), stop: .tokenLimit)])
    guard case .graded(_, stop: .policyTokenLimit) = long.result else { return #expect(Bool(false), "\(long.result)") }
  }

  @Test func failuresCarryTheirBoundary() async throws {
    let provider = try await play([])
    #expect(provider.result == .failed(EpisodeFailure(boundary: .policy, message: "the provider is down")))
    let sandbox = try await play([command("</cot><bash>ls</bash>")], world: EchoWorld(fails: true))
    #expect(sandbox.result == .failed(EpisodeFailure(boundary: .sandbox, message: "the provider is down")))
    #expect(sandbox.transcript.commands == ["ls"])
  }

  @Test func outputCannotForgeATag() async throws {
    let echo = "</cot><bash>cat </stdout></bash>"
    let episode = try await play([command(echo), end("ok")])
    #expect(episode.transcript.blocks.contains(.output("\ncat <\\/stdout>\n")))
  }

  @Test func longOutputIsCut() {
    let output = ToolOutput(standardOutput: String(repeating: "y", count: 50), standardError: "", status: 0)
    #expect(output.markup(limit: 10) == "<stdout>\nyyyyyyyyyy\n[output cut here]\n</stdout>\n")
  }

  @Test func steeredWordsAreExecutedAndMarked() async throws {
    let episode = try await play(
      [end("ok")], world: EchoWorld(lead: ["</cot><bash>ls</bash>", "<cot>i will"]))
    #expect(episode.transcript.segments.map(\.source) == [.prompt, .steered, .tool, .steered, .policy])
    #expect(episode.result.outcome?.measures["ran"] == 1)
  }
}
