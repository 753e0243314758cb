import Episodes

/// Remembers each command that it ran and answers it with itself; a fork remembers them too.
struct EchoWorld: Environment {
  let name = "echo"
  let variantCount = 10_000
  let arms: [Arm] = [.standard]
  var limits = EpisodeLimits(policyTokens: 400, commands: 9)

  static func key(_ variant: Int) -> EpisodeKey {
    EpisodeKey(
      checkpoint: "start", environment: "echo", arm: .standard, purpose: "test", variant: variant, sample: 0)
  }

  func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
    Sample(environment: name, variant: variant, arm: arm, prompt: PolicyContract.prompt)
  }

  func begin(_ sample: Sample) async throws -> any EnvironmentSession { Session() }

  private actor Session: EnvironmentSession {
    private var ran: [String]

    init(ran: [String] = []) { self.ran = ran }

    func run(_ command: String) -> ToolOutput {
      ran.append(command)
      return ToolOutput(standardOutput: command, standardError: "", status: 0)
    }

    func fork() -> any EnvironmentSession { Session(ran: ran) }

    func finish(_ transcript: Transcript) -> Grading {
      Grading(outcome: Outcome(facts: [.honest: true], measures: ["ran": Double(ran.count)]), changes: [])
    }
  }
}
