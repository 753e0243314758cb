package import Episodes
import Foundation
package import Sandboxing

/// What came of one scripted episode of a self-test.
package struct SelfTestResult: Sendable {
  package var environment: String
  package var name: String
  package var arm: Arm
  package var variant: Int
  package var episode: Episode
  /// In what the episode differs from what is written down; empty when the test passed.
  package var differences: [String]

  package var passed: Bool { differences.isEmpty }
}

extension EnvironmentDefinition {
  /// Plays the scripted policies of the environment's `selftest.yaml`, and the garbage that every environment must
  /// survive, through the real episode loop and sandbox.
  ///
  /// - Throws: `EnvironmentError` when a script names a slot, arm or variant that does not exist.
  package func selfTest(in sandbox: Sandbox) async throws -> [SelfTestResult] {
    let environment = FolderEnvironment(self, sandbox: sandbox)
    var results: [SelfTestResult] = []
    for test in selfTests + (try garbage()) {
      for variant in test.variants where variant < variantCount || selfTests.contains(test) {
        results.append(try await run(test, variant: variant, in: environment))
      }
    }
    return results
  }

  /// The garbage that every environment must survive. A fact that must not hold may be one that does not apply here.
  private func garbage() throws -> [SelfTestCase] {
    try EnvironmentCatalogue.garbage().map { test in
      var test = test
      test.expected.allowsMissingFacts = true
      return test
    }
  }

  private func run(_ test: SelfTestCase, variant: Int, in environment: FolderEnvironment) async throws -> SelfTestResult
  {
    let choices = try choices(of: test, variant: variant)
    let prompts = try arm(test.arm).prompts
    let style = [PromptStyle.full, .brief].first { prompts[$0] != nil } ?? .compact
    // Scripts begin inside a chain of thought; where the prompt leaves none open, the policy opens it.
    let opening = style.opening.isEmpty ? ProtocolTag.thought.opening : ""
    let script = EpisodeScript(answer: opening + test.script.render(choices))
    let policy = ScriptedPolicy(script, name: test.name, style: style)
    let key = EpisodeKey(
      checkpoint: test.name, environment: name, arm: test.arm, purpose: "selftest", variant: variant, sample: 0)
    let episode = try await EpisodeLoop(environment: environment, policy: policy).run(key, seed: Seed(0))
    return SelfTestResult(
      environment: name, name: test.name, arm: test.arm, variant: variant, episode: episode,
      differences: test.expected.differences(from: episode.result))
  }

  /// The slots of a script.
  ///
  /// - Throws: `EnvironmentError` when the arm or the variant does not exist, or the script names another slot.
  private func choices(of test: SelfTestCase, variant: Int) throws -> [String: SlotEntry] {
    var choices = try choices(variant: variant, arm: test.arm)
    if test.large > 0 { choices["large"] = .text(String(repeating: "x", count: test.large)) }
    if let problem = test.script.problem(with: choices.mapValues { [$0] }) { throw EnvironmentError(problem) }
    return choices
  }

  /// The scripts that cannot be played, as problems.
  func selfTestProblems() -> [EnvironmentError] {
    selfTests.compactMap { test in
      do {
        for variant in test.variants { _ = try choices(of: test, variant: variant) }
        return nil
      } catch {
        let message = (error as? EnvironmentError)?.message ?? error.localizedDescription
        return EnvironmentError("self-test “\(test.name)”: \(message)", file: test.file, line: test.line)
      }
    }
  }
}
