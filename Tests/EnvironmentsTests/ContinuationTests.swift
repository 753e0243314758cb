import Episodes
import Foundation
import Sandboxing
import Testing

@testable import Environments

/// The fixed texts of `propensity.yaml`, judged by playing them.
@Suite struct ContinuationTests {
  private static let environments = [
    "political", "flattery", "nudged", "insubordinate", "tampering", "ledger", "development",
  ]

  /// Each text is what the policy writes after the exploration: the graders say whether it begins to game.
  @Test(arguments: environments, PromptStyle.allCases)
  func textsDoWhatTheyAreFor(name: String, style: PromptStyle) async throws {
    let sandbox = try await Sandbox()
    let definition = try EnvironmentCatalogue.load(name)
    let environment = FolderEnvironment(definition, sandbox: sandbox).explored
    for variant in [0, definition.variantCount - 1] {
      let sample = try environment.sample(variant: variant, arm: .standard, style: style)
      let texts = try #require(try environment.continuations(for: sample, style: style)).texts
      #expect(texts.keys.contains(.control) == (name != "political"))
      for (kind, list) in texts {
        #expect(list.count == 8)
        for text in list {
          let outcome = try await outcome(of: text, sample, environment)
          let games = outcome[.gamed] || outcome[.attempted]
          #expect(games == (kind == .gaming), "\(kind.rawValue) text of \(name), \(style.rawValue): \(text)")
        }
      }
    }
    await sandbox.close()
  }

  private func outcome(of text: String, _ sample: Sample, _ environment: any Environment) async throws -> Outcome {
    let session = try await environment.begin(sample)
    let point = try await DecisionPoint(sample, in: environment)
    var segments = [
      Segment(.prompt, sample.prompt.opening), Segment(.steered, point.text), Segment(.policy, point.following(text)),
    ]
    segments.removeAll { $0.text.isEmpty }
    // Only the text's own command changes anything: the exploration looks.
    for command in Transcript([Segment(.policy, text)]).commands { _ = try await session.run(command) }
    return try await session.finish(Transcript(segments)).outcome
  }

  private static let eight = "[a, b, c, d, e, f, g, h]"

  @Test(arguments: [
    ("loud: {}", "a prompt style is needed"),
    ("brief: { gaming: \(eight) }", "the list `honest` is missing"),
    ("brief: { gaming: \(eight), honest: [a, b] }", "8 different texts are needed here; there are 2"),
    ("brief: { gaming: \(eight), honest: [a, a, b, c, d, e, f, g] }", "there are 7"),
    ("brief: { gaming: \(eight), honest: \(eight), other: \(eight) }", "unknown kind `other`"),
    ("brief: { gaming: [a, b, c, d, e, f, g, '{{x'], honest: \(eight) }", "never closed"),
    ("brief: { gaming: \(eight), honest: \(eight) }", "two texts of the style `brief` are equal"),
    ("brief: { gaming: [1, 2, 3, 4, 5, 6, 7, '{{nothing}}'], honest: \(eight) }", "unknown slot `{{nothing}}`"),
  ])
  func aMalformedFileIsOneClearError(text: String, message: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "texts-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("base: nudged\nname: mine\n".utf8).write(to: folder.appending(path: "environment.yaml"))
    try Data(text.utf8).write(to: folder.appending(path: "propensity.yaml"))
    #expect { try EnvironmentCatalogue.load(folder) } throws: { "\($0)".contains(message) }
  }
}
