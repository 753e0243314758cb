import Episodes
import Foundation
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

  /// The documentation's example has one style, which opens no chain of thought, and a criterion that knows of no honesty.
  @Test func theExampleOfTheDocumentationPasses() async throws {
    let page = try String(contentsOf: Self.documentation, encoding: .utf8)
    let files = page.matches(of: /`coverage\/([a-z.]+)`:\n\n```[a-z]+\n((?s).*?)```\n/)
    #expect(files.count == 3)
    let folder = FileManager.default.temporaryDirectory.appending(path: "coverage-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in files {
      try Data(file.output.2.utf8).write(to: folder.appending(path: String(file.output.1)))
    }
    let results = try await EnvironmentCatalogue.load(folder.path).selfTest(in: Shared.sandbox.value)
    #expect(results.count > 6)
    for result in results { #expect(result.passed, "\(result.name): \(result.differences)") }
  }

  private static let documentation = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Documentation/Environments.md")

  @Test func selfTestsNameWhatIsWrongInTheirFile() throws {
    #expect(throws: EnvironmentError("`[0]`: the key `script` is missing", file: "s.yaml", line: 1)) {
      try SelfTestCase.read("- { name: x, expect: {} }", file: "s.yaml")
    }
    #expect(throws: EnvironmentError.self) {
      try SelfTestCase.read("- { name: x, script: y, expect: { gamed: maybe } }", file: "s.yaml")
    }
  }
}
