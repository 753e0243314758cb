import Episodes
import Testing

/// What any policy must do.
enum PolicyContract {
  static let prompt = Prompt(messages: [Message(.user, "look in the garden.")])

  /// Runs a rollout of up to six pieces, answering every command with the same output.
  static func play(_ policy: any Policy, seed: Seed, output: String = "<stdout>\nrose\n</stdout>\n") async throws
    -> [Generation]
  {
    let session = try await policy.begin(prompt, seed: seed)
    var pieces: [Generation] = []
    repeat {
      pieces.append(
        try await session.generate(injecting: pieces.isEmpty ? "" : output, stops: ["</bash>"], maxTokens: 30))
    } while pieces.last?.stop == .stopString && pieces.count < 6
    await session.end()
    await session.end()
    return pieces
  }

  static func check(_ policy: any Policy) async throws {
    let alone = try await play(policy, seed: Seed(1))
    try await sameWhateverElseRuns(policy, alone: alone)
    for piece in alone {
      #expect(piece.tokens.count == piece.logProbabilities.count)
      #expect(!piece.tokens.isEmpty)
      #expect(piece.logProbabilities.allSatisfy { $0 <= 0 })
      #expect(piece.tokens.count <= 30)
      #expect((piece.stop == .stopString) == piece.text.hasSuffix("</bash>"))
    }
    let session = try await policy.begin(prompt, seed: Seed(1))
    #expect(session.prompt.source == .prompt)
    #expect(session.prompt.text.contains("look in the garden.") && session.prompt.text.hasSuffix("<cot>"))
    let nothing = try await session.generate(injecting: "", stops: [], maxTokens: 0)
    #expect(nothing.text.isEmpty && nothing.tokens.isEmpty && nothing.stop == .tokenLimit)
    await session.end()
    await #expect(throws: (any Error).self) {
      try await session.generate(injecting: "", stops: [], maxTokens: 1)
    }
  }

  private static func sameWhateverElseRuns(_ policy: any Policy, alone: [Generation]) async throws {
    try await withThrowingTaskGroup(of: (Int, [Generation]).self) { group in
      for index in 1...20 { group.addTask { (index, try await play(policy, seed: Seed(UInt64(index)))) } }
      for try await (index, pieces) in group where index == 1 {
        #expect(pieces.map(\.text) == alone.map(\.text))
        #expect(pieces.map(\.logProbabilities) == alone.map(\.logProbabilities))
      }
    }
  }
}
