package import Episodes
package import Sandboxing

/// An environment that is data, with a sandbox to run its commands in.
package struct FolderEnvironment: Environment {
  package let definition: EnvironmentDefinition
  let sandbox: Sandbox
  private let startsExplored: Bool

  package init(_ definition: EnvironmentDefinition, sandbox: Sandbox, startsExplored: Bool = false) {
    self.definition = definition
    self.sandbox = sandbox
    self.startsExplored = startsExplored
  }

  package var explored: any Environment { FolderEnvironment(definition, sandbox: sandbox, startsExplored: true) }

  package var name: String { definition.name }
  package var variantCount: Int { definition.variantCount }
  package var arms: [Arm] { definition.arms }
  package var limits: EpisodeLimits { definition.limits }
  package var milestones: [Milestone] { definition.milestones }

  package func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample {
    try definition.sample(variant: variant, arm: arm, style: style, explored: startsExplored)
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
      shell.directory = "/"
      for command in commands { _ = try await shell.run(command, in: sandbox) }
    }
    return FolderSession(instance, sandbox: sandbox, start: shell.tree, isFirst: earlier.isEmpty)
  }
}
