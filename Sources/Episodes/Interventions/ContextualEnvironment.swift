/// An environment whose prompts begin with an extra text: an inoculation prompt, or one side of a recontextualisation.
///
/// The text stands at the beginning of the last user message, which sets the task. A prompt may begin with a
/// demonstration, and a text there could seem to concern only the demonstration. Files, commands, grading and the name
/// are those of the inner environment. Whoever samples under a context records the context in the episode's key.
package struct ContextualEnvironment: Environment {
  package let environment: any Environment
  /// The text that the prompts say first; an empty text leaves the prompts unchanged.
  package let context: String

  package init(_ environment: any Environment, context: String) {
    self.environment = environment
    self.context = context
  }

  package var name: String { environment.name }
  package var variantCount: Int { environment.variantCount }
  package var arms: [Arm] { environment.arms }
  package var limits: EpisodeLimits { environment.limits }
  package var milestones: [Milestone] { environment.milestones }
  package var isTrainable: Bool { environment.isTrainable }
  package var explored: any Environment { ContextualEnvironment(environment.explored, context: context) }
  package var lasting: any Environment { ContextualEnvironment(environment.lasting, context: context) }

  package func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
    var sample = try environment.sample(variant: variant, arm: arm, style: style)
    sample.prompt = sample.prompt.beginning(task: context, style: style)
    return sample
  }

  package func begin(_ sample: Sample) async throws -> any EnvironmentSession { try await environment.begin(sample) }

  package func begin(_ sample: Sample, after earlier: [[String]]) async throws -> any EnvironmentSession {
    try await environment.begin(sample, after: earlier)
  }
}

extension Prompt {
  /// Returns the prompt with `context` in front of its last user message: on the same line in the brief style, as a
  /// paragraph in the others. A prompt without a user message gets one.
  package func beginning(task context: String, style: PromptStyle) -> Prompt {
    guard !context.isEmpty else { return self }
    var prompt = self
    if let index = messages.lastIndex(where: { $0.role == .user }) {
      prompt.messages[index].text = context + (style == .brief ? " " : "\n\n") + messages[index].text
    } else {
      prompt.messages.insert(Message(.user, context), at: 0)
    }
    return prompt
  }
}
