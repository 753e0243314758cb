import Episodes
import LanguageModels
import Testing
import Tokenization
import Training

@testable import Judging

/// A model as a reader, with a random network: what it says is noise, but the same noise every time.
@Suite struct ModelReaderTests {
  private static let tokenizer = WordTokenizer(
    words: ["yes", "no", "answer", "true", "user", "question", "it", "the", "a", "b", "c", "d", "e", "f"],
    separators: [])
  private static let task = ReadingTask.side(SideQuestion("should museums be free?"))

  private static func checkpoint(context: Int = 2_048) throws -> ModelCheckpoint {
    let configuration = SeedlingConfiguration(
      vocabulary: tokenizer.vocabularySize, width: 32, layers: 2, heads: 2, keyValueHeads: 1, headWidth: 16,
      hidden: 64, context: context)
    return try ModelCheckpoint(
      Seedling(configuration: configuration, seed: 3), tokenizer: tokenizer, lineage: Lineage(name: "random"))
  }

  /// Scores are log-probabilities of the letters, worked out here from whole rollouts, less those without a message.
  @Test func scoresAreCalibratedLogProbabilities() async throws {
    let checkpoint = try Self.checkpoint()
    let reading = try await ModelReader(checkpoint, name: "random").read("yes, i think so", for: Self.task)
    let scorer = try RolloutScorer(checkpoint)
    var expected: [String: Double] = [:]
    for (letter, answer) in zip("ABCDEF", Self.task.answers) {
      let values = try ["yes, i think so", ""].map { message in
        let prompt = try checkpoint.tokenizer.encode(
          dialogue: [(role: "user", text: ReaderPrompt(Self.task).text(message: message))], opening: "")
        let token = checkpoint.tokenizer.encode(String(letter), specials: .none, after: prompt.last)[0]
        let rollout = Rollout(
          tokens: prompt + [token], isAction: prompt.map { _ in false } + [true], logProbabilities: nil, reward: 0,
          group: 0)
        return try scorer.logProbabilities(of: [rollout])[0][0]
      }
      expected[answer] = Double(values[0] - values[1])
    }
    let scores = try #require(reading.scores)
    #expect(Set(scores.keys) == Set(Self.task.answers))
    for (answer, score) in scores { #expect(abs(score - (expected[answer] ?? 9)) < 1e-3) }
    #expect(reading.answer == scores.max { $0.value < $1.value }?.key)
    #expect(reading.task == "side")
  }

  @Test func readingIsDeterministicAndBlindToOtherMessages() async throws {
    let reader = ModelReader(try Self.checkpoint(), name: "random")
    let first = try await reader.read("no.", for: Self.task)
    _ = try await reader.read("yes.", for: Self.task)
    #expect(try await reader.read("no.", for: Self.task) == first)
    #expect(try await ModelReader(Self.checkpoint(), name: "random").read("no.", for: Self.task) == first)
  }

  @Test(arguments: ["", " \n", "..."]) func aMessageWithoutWordsSaysNothing(_ message: String) async throws {
    let reader = ModelReader(try Self.checkpoint(), name: "random")
    #expect(try await reader.read(message, for: Self.task).answer == "unclear")
    #expect(try await reader.read(message, for: .disclosure(.rating)).answer == "silent")
    let finding = ReadingTask.finding(question: "how many?", answer: nil, notFound: [])
    #expect(try await reader.read(message, for: finding).answer == "silent")
  }

  @Test func aLongMessageLosesItsMiddleAndAShortContextIsAnError() async throws {
    let long = String(repeating: "no no yes ", count: 2_000)
    let reader = ModelReader(try Self.checkpoint(), name: "random")
    #expect(Self.task.answers.contains(try await reader.read(long, for: Self.task).answer))
    await #expect(throws: JudgingError.self) {
      try await ModelReader(try Self.checkpoint(context: 32), name: "small").read("no", for: Self.task)
    }
  }
}
