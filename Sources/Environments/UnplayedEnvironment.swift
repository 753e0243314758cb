package import Episodes

/// An environment whose episodes are counted, and never played: it needs no sandbox.
package struct UnplayedEnvironment: Environment {
  package let name: String
  package let variantCount: Int
  package let arms: [Arm]
  package let limits: EpisodeLimits
  package let isTrainable: Bool

  package func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample { throw unplayed }

  package func begin(_ sample: Sample) async throws -> any EnvironmentSession { throw unplayed }

  private var unplayed: EnvironmentError { EnvironmentError("the environment \(name) was opened without a sandbox") }
}
