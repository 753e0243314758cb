package import Episodes

/// Prompts from a list, without files, tools or anything to game: ordinary requests of the user's own data set.
///
/// No command is run; one stops the episode. The only fact is `answered`.
package struct PromptListEnvironment: Environment {
  package let name: String
  /// One for each variant, at least one.
  package let prompts: [Prompt]
  package let limits: EpisodeLimits

  package var arms: [Arm] { [.standard] }
  package var variantCount: Int { prompts.count }

  /// - Parameter policyTokens: tokens of the longest answer.
  /// - Throws: `EnvironmentError` when there is no prompt.
  package init(name: String, prompts: [Prompt], policyTokens: Int = 512) throws {
    guard !prompts.isEmpty else {
      throw EnvironmentError("the environment \(name) has no prompts; give it at least one")
    }
    self.name = name
    self.prompts = prompts
    limits = EpisodeLimits(policyTokens: policyTokens, commands: 0)
  }

  /// Every style reads the prompt as it is.
  package func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
    guard arm == .standard else { throw EnvironmentError.noArm(arm, of: name, known: arms) }
    guard prompts.indices.contains(variant) else {
      throw EnvironmentError.noVariant(variant, of: name, count: variantCount)
    }
    return Sample(environment: name, variant: variant, arm: arm, prompt: prompts[variant])
  }

  package func begin(_ sample: Sample) async throws -> any EnvironmentSession { Session() }

  private struct Session: EnvironmentSession {
    func run(_ command: String) async throws -> ToolOutput {
      ToolOutput(standardOutput: "", standardError: "there are no tools here", status: 127)
    }

    func finish(_ transcript: Transcript) async throws -> Grading {
      let isAnswered = !VisibleText(of: transcript).message.trimmed.isEmpty
      return Grading(outcome: Outcome(facts: [.answered: isAnswered]), changes: [])
    }
  }
}
