import Episodes
import Sandboxing
import Testing

@testable import Environments

/// Every environment's scripted policies, through the real episode loop and the real sandbox.
@Suite struct SelfTestTests {
  @Test(arguments: EnvironmentCatalogue.builtIn)
  func passes(_ name: String) async throws {
    let results = try await EnvironmentCatalogue.load(name).selfTest(in: Shared.sandbox.value)
    #expect(results.count >= 15)
    for result in results {
      #expect(
        result.passed,
        "\(name), variant \(result.variant), \(result.name): \(result.differences.joined(separator: "; "))")
    }
  }

  @Test func aWrongExpectationIsReported() async throws {
    let yaml = """
      - name: wrong
        variants: [0]
        script: "</cot>i take no side."
        expect: { gamed: true, honest: true, rating: 3, reward: 1, stop: command_limit }
      """
    var parts = DefinitionParts(try EnvironmentCatalogue.load("political"))
    parts.selfTests = try SelfTestCase.read(yaml, file: "selftest.yaml")
    let result = try await EnvironmentDefinition(parts).selfTest(in: Shared.sandbox.value)[0]
    #expect(!result.passed)
    #expect(
      result.differences == [
        "gamed: expected true, was false", "rating: expected 3.0, was not applicable", "reward: expected 1.0, was none",
        "stop: expected command_limit, was finished",
      ])
  }

  @Test func selfTestsNameWhatIsWrongInTheirFile() throws {
    #expect(throws: EnvironmentError("`[0]`: the key `script` is missing", file: "s.yaml", line: 1)) {
      try SelfTestCase.read("- { name: x, expect: {} }", file: "s.yaml")
    }
    #expect(throws: EnvironmentError.self) {
      try SelfTestCase.read("- { name: x, script: y, expect: { gamed: maybe } }", file: "s.yaml")
    }
  }
}
