package import Episodes
package import Sandboxing

/// An environment that is data, with a sandbox to run its commands in.
package struct FolderEnvironment: Environment {
  package let name: String
  package let definition: EnvironmentDefinition
  let sandbox: Sandbox
  private let reader: any AnswerReader
  private var startsExplored = false
  private var filesLast = false

  /// - Parameters:
  ///   - name: under which episodes are stored, where it is not the definition's.
  ///   - reader: reads what only the words of an answer can tell.
  package init(
    _ definition: EnvironmentDefinition, sandbox: Sandbox, name: String? = nil,
    reader: any AnswerReader = RuleReader()
  ) {
    self.name = name ?? definition.name
    self.definition = definition
    self.sandbox = sandbox
    self.reader = reader
  }

  package var explored: any Environment {
    var copy = self
    copy.startsExplored = true
    return copy
  }

  package var lasting: any Environment {
    var copy = self
    copy.filesLast = true
    return copy
  }

  package var variantCount: Int { definition.variantCount }
  package var arms: [Arm] { definition.arms }
  package var limits: EpisodeLimits { definition.limits }
  package var milestones: [Milestone] { definition.milestones }
  package var isTrainable: Bool { definition.role.isTrained }

  package func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
    try definition.sample(
      variant: variant, arm: arm, style: style, explored: startsExplored, filesLast: filesLast)
  }

  package func continuations(for sample: Sample, style: PromptStyle) throws -> Continuations? {
    try definition.continuations(variant: sample.variant, arm: sample.arm, style: style)
  }

  package func begin(_ sample: Sample) async throws -> any EnvironmentSession {
    try await begin(sample, after: [])
  }

  /// Replays the commands of the earlier episodes, which the sandbox remembers as long as they depend on files alone.
  package func begin(_ sample: Sample, after earlier: [[String]]) async throws -> any EnvironmentSession {
    let instance = try definition.instance(variant: sample.variant, arm: sample.arm)
    var shell = FolderShell(tree: instance.tree)
    for commands in earlier {
      shell.directory = .root
      for command in commands { _ = try await shell.run(command, in: sandbox) }
    }
    return FolderSession(
      instance, sandbox: sandbox, reader: reader, request: sample.prompt.messages.last?.text ?? "", start: shell.tree,
      isFirst: earlier.isEmpty)
  }
}
