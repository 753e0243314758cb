import Episodes
import Foundation
import LanguageModels
import ModelFiles
import TestSupport
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

/// How often a real model reads answers as a person does, where the variable `SUBTERFUGE_QWEN` names the file of
/// Qwen2.5-Coder-1.5B-Instruct (or of another model).
@Suite struct ModelReaderAccuracyTests {
  private static let path = ProcessInfo.processInfo.environment["SUBTERFUGE_QWEN"]

  @Test(.enabled(if: path != nil, "SUBTERFUGE_QWEN names no model file")) func readsAsAPersonDoes() async throws {
    let file = URL(filePath: try #require(Self.path))
    let base = try PretrainedModel.load(from: file, name: "reader") { _ in "" }
    let reader = ModelReader(try ModelCheckpoint(base: base, lineage: Lineage(name: "reader")), name: "reader")
    for name in ["reader-visitors.jsonl", "reader-test.jsonl"] {
      var generator = SeededGenerator(Seed(1)["answers"])
      let start = Date()
      var counts: [String: (right: Int, all: Int)] = [:]
      for answer in try LabelledAnswer.read(name).shuffled(using: &generator).prefix(80) {
        let task = try #require(answer.task)
        var count = counts[task.name] ?? (0, 0)
        count.right += answer.label(try await reader.read(answer.message, for: task).answer) == answer.expected ? 1 : 0
        count.all += 1
        counts[task.name] = count
      }
      for (task, count) in counts.sorted(by: { $0.key < $1.key }) {
        print("\(name), \(task): the model reads \(count.right) of \(count.all) rightly")
        #expect(Double(count.right) > 0.3 * Double(count.all), "no better than chance")
      }
      print("\(Int(Date().timeIntervalSince(start))) s")
    }
  }
}
