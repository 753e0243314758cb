import Episodes
import Foundation
import Testing

@testable import Environments

/// Everything that is wrong with a folder, at once.
@Suite struct FolderCheckTests {
  private func problems(_ files: [String: String]) throws -> [String] {
    let folder = try TemporaryFolder(files)
    return EnvironmentCatalogue.problems(in: folder.url.path).map { problem in
      var short = problem
      short.file = problem.file.map { URL(filePath: $0).lastPathComponent }
      return short.description
    }
  }

  private static let prompt = "## user\nA {{colour}} {{shape.name}}."

  @Test func everyProblemIsFound() throws {
    let yaml = LoaderTests.yaml.replacing("title: Mine", with: "titel: Mine")
      .replacing("role: training", with: "role: traning").replacing("variants: 4", with: "variants: four")
      .replacing("kind: reward", with: "kind: prize").replacing("dirs: [out]", with: "dirs: out")
    let found = try problems([
      "environment.yaml": yaml, "prompt.full.md": Self.prompt, "selftest.yaml": "- { name: x, expect: {} }",
    ])
    for start in [
      "environment.yaml:2: unknown key `titel`", "environment.yaml:1: the key `title` is missing",
      "environment.yaml:3: `role`: unknown value `traning`", "environment.yaml:4: `variants`: a whole number",
      "environment.yaml:15: `criterion.kind`: unknown criterion `prize`", "environment.yaml:12: `dirs`: a list",
      "selftest.yaml:1: `[0]`: the key `script` is missing",
    ] {
      #expect(found.contains { $0.hasPrefix(start) }, "\(start) is not among \(found)")
    }
    #expect(found.count == 7, "\(found)")
  }

  @Test func textsAndScriptsAreFoundWithTheirLines() throws {
    let yaml = LoaderTests.yaml.replacing("reward_cmd: print(1.0)", with: "reward_cmd: print({{size}})")
    let found = try problems(["environment.yaml": yaml, "prompt.full.md": Self.prompt + "\n\n{{color}}"])
    #expect(
      found == [
        "environment.yaml:13: arm `standard`: unknown slot `{{size}}`; known: colour, shape",
        "prompt.full.md:4: arm `standard`: unknown slot `{{color}}`; known: colour, shape",
      ])
    let scripts = """
      - { name: a, arm: odd, script: x, expect: {} }
      - { name: b, variants: [9], script: x, expect: {} }
      - { name: c, script: "{{color}}", expect: {} }
      """
    let more = try problems([
      "environment.yaml": LoaderTests.yaml, "prompt.full.md": Self.prompt, "prompt.hard.full.md": Self.prompt,
      "selftest.yaml": scripts,
    ])
    #expect(more.count == 4, "\(more)")
    #expect(more[0].hasPrefix("selftest.yaml:1: self-test “a”: the environment mine has no arm `odd`"))
    #expect(more[1].hasPrefix("selftest.yaml:2: self-test “b”: the environment mine has no variant 9"))
    #expect(more[2].hasPrefix("selftest.yaml:3: self-test “c”: unknown slot `{{color}}`"))
    #expect(more[3].hasPrefix("prompt.hard.full.md: no arm has this prompt"))
  }

  /// A slot that can be used despite its problem does not hide the problems of the texts.
  @Test func problemsOfSlotsHideNoOthers() throws {
    let yaml = LoaderTests.yaml.replacing("colour: [red, green]", with: "colour: [red, green, red]")
    let found = try problems(["environment.yaml": yaml, "prompt.full.md": Self.prompt + " {{color}}"])
    #expect(
      found.count == 2 && found[0].hasPrefix("environment.yaml:6: `slots.colour`: the list contains a duplicate"),
      "\(found)")
    #expect(found.last?.hasPrefix("prompt.full.md:2: arm `standard`: unknown slot `{{color}}`") ?? false, "\(found)")
    // Of a slot that cannot be read, nothing is known: its texts are no problems.
    let broken = LoaderTests.yaml.replacing("colour: [red, green]", with: "colour: []")
    #expect(try problems(["environment.yaml": broken, "prompt.full.md": Self.prompt]).count == 1)
  }

  @Test func everyBadLineOfAListOfPromptsIsFound() throws {
    let folder = try TemporaryFolder(["mine.jsonl": "nonsense\n{\"prompt\": \"a\"}\n{}\n"])
    let found = EnvironmentCatalogue.problems(in: folder.url.appending(path: "mine.jsonl").path)
    #expect(found.map(\.line) == [1, 3])
  }

  @Test(arguments: EnvironmentCatalogue.builtIn)
  func shippedEnvironmentsHaveNoProblems(_ name: String) throws {
    let folder = EnvironmentCatalogue.resources.appending(path: name)
    #expect(EnvironmentCatalogue.problems(in: folder.path) == [])
  }

  @Test func aNewFolderPassesItsSelfTest() async throws {
    let parent = try TemporaryFolder([:])
    let folder = parent.url.appending(path: "mine")
    try EnvironmentCatalogue.create("mine", at: folder)
    #expect(EnvironmentCatalogue.problems(in: folder.path) == [])
    let definition = try EnvironmentCatalogue.load(folder.path)
    #expect(definition.name == "mine" && definition.arms == [.standard, .instructed, .benign])
    let results = try await definition.selfTest(in: Shared.sandbox.value)
    for result in results { #expect(result.passed, "\(result.name): \(result.differences)") }
    for style in [PromptStyle.full, .compact, .brief] {
      #expect(try !definition.sample(variant: 0, arm: .instructed, style: style).prompt.messages.isEmpty)
    }
    // What is there is not overwritten.
    #expect(throws: EnvironmentError.self) { try EnvironmentCatalogue.create("mine", at: folder) }
    for name in ["Mine", "a/b", "", "tampering"] {
      #expect(throws: EnvironmentError.self) {
        try EnvironmentCatalogue.create(name, at: parent.url.appending(path: "other"))
      }
    }
    #expect(!FileManager.default.fileExists(atPath: parent.url.appending(path: "other").path))
  }

  /// Thirty levels of two aliases stand for two thousand million values.
  @Test(arguments: ["", "? *a30\n: 1\n", "*a30 : 1\n", "{ [*a30]: 1 }: 1\n"])
  func anAliasBombIsOneError(key: String) throws {
    let text = "a0: &a0 [x, x]\n" + (1...30).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined() + key
    let start = ContinuousClock.now
    let found = try problems(["environment.yaml": text])
    #expect(found.count == 1 && found[0].contains("alias"), "\(found)")
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test func aliasesMayBeUsed() throws {
    let yaml = LoaderTests.yaml.replacing("colour: [red, green]", with: "colour: &list [red, green]\n  other: *list")
      .replacing("print(1.0)", with: "|\n  if 1 in [1]: print(1.0)")
    #expect(try problems(["environment.yaml": yaml, "prompt.full.md": Self.prompt]) == [])
  }
}
