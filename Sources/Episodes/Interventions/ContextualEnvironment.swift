/// An environment whose prompts say something more: an inoculation prompt, or one side of a recontextualisation.
///
/// The text stands at the beginning of the last user message, which sets the task: a prompt may begin with a
/// demonstration, and what is said there could be read as being about that alone. Files, commands and grading are those
/// of the environment within, and so is the name: whoever samples under a context says so in the episode's key.
package struct ContextualEnvironment: Environment {
  package let environment: any Environment
  /// What the prompts say first; with an empty one they are as they were.
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
  /// The prompt with `context` in front of its last user message: in the same line in the brief style, as a paragraph in
  /// the others. A prompt without a user message gets one.
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
