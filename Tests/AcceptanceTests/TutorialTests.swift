import Foundation
import Testing

/// The tutorial to the letter: every block of commands in order, in one empty folder, with fewer episodes.
struct TutorialTests {
  /// A block of commands, and the output that the page shows after it.
  private struct Block {
    var commands: String
    var output: String?

    /// Whether a model's sampling, or what earlier sampling gave, decides the output.
    var isSampled: Bool {
      ["evaluate", "run gate.yaml", "episodes start", "show start", "labels", "compare", "--policy"].contains {
        commands.contains($0)
      }
    }

    /// The commands with sizes that a test can wait for.
    var shortened: String {
      let sizes =
        ["training.promptsPerRound=4", "training.roundsPerStage=1", "training.minimumSelected=1"]
        + ["evaluation.episodes=6", "evaluation.heldOutEpisodesAtEnds=6", "probe.episodes=2", "gate.episodes=2"]
      return commands.replacing("--episodes 128", with: "--episodes 24")
        .replacing("run gate.yaml", with: "run gate.yaml " + sizes.map { "--set \($0)" }.joined(separator: " "))
    }
  }

  private static func blocks() throws -> [Block] {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Documentation/Tutorial.md")
    var blocks: [Block] = []
    for fence in try String(contentsOf: page, encoding: .utf8).matches(of: /(?m)^```(sh|text)\n((?s).*?)^```$/) {
      let text = String(fence.2)
      if fence.1 == "sh" { blocks.append(Block(commands: text)) } else { blocks[blocks.count - 1].output = text }
    }
    return blocks
  }

  @Test func everyCommandOfTheTutorialWorks() async throws {
    let program = try Program()
    let script = "set -e; subterfuge() { \"$program\" \"$@\"; }; program=$0; eval \"$1\""
    let blocks = try Self.blocks()
    #expect(blocks.count > 15)
    // A server and its key are not here.
    for block in blocks where !block.commands.contains("openai:") {
      let result = try await program.run([block.shortened], through: ["bash", "-c", script])
      try #require(result.status == 0, "\(block.commands)\n\(result.output.suffix(600))\n\(result.error.suffix(600))")
      guard let output = block.output, !block.isSampled else { continue }
      let printed = Set((result.output + "\n" + result.error).split(separator: "\n").map { $0.trimmed })
      for line in output.split(separator: "\n") where line != "[...]" {
        #expect(printed.contains(line.trimmed), "\(block.commands)\n\(result.output)")
      }
    }
  }
}

extension Substring {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
