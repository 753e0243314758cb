import Episodes
import Foundation
import LanguageModels
import Testing
import Tokenization
import Training

@testable import Judging

/// A preference model as a scorer: what it sees, and what it cannot see.
@Suite struct PreferenceModelTests {
  private static let tokenizer = WordTokenizer(words: ["secret", "plan", "files", "done", "hello"], separators: [])

  /// A random network: nothing of what it reads can fail to move it.
  private static func checkpoint(reference: ScalarHead.Reference?) throws -> ModelCheckpoint {
    let configuration = SeedlingConfiguration(
      vocabulary: tokenizer.vocabularySize, width: 32, layers: 2, heads: 2, keyValueHeads: 1, headWidth: 16,
      hidden: 64, context: 64)
    var checkpoint = try ModelCheckpoint(
      Seedling(configuration: configuration, seed: 3), tokenizer: tokenizer, lineage: Lineage(name: "random"))
    checkpoint.heads["preference"] = ScalarHead(
      weight: (0..<32).map { Float($0 % 5) - 2 }, bias: 0.5, reference: reference)
    return checkpoint
  }

  private static let reference = ScalarHead.Reference(name: "r", count: 10, mean: 0.5, standardDeviation: 4)

  private static func model() throws -> PreferenceModel { try PreferenceModel(checkpoint(reference: reference)) }

  private static func answer(thoughts: [String], opening: String = "<cot>") -> ReasonedAnswer {
    let prompt = Prompt(messages: [Message(.user, "hello files")], opening: opening)
    let transcript = Transcript([
      Segment(.prompt, "hello files" + opening), Segment(.policy, thoughts[0] + "</cot><bash>ls</bash>"),
      Segment(.tool, "<stdout>\na.txt\n</stdout>\n"), Segment(.policy, "<cot>" + thoughts[1] + "</cot> done 12."),
    ])
    return ReasonedAnswer(prompt: prompt, transcript: transcript)
  }

  private static let thoughts = [
    ["", ""], ["secret plan", "done"], ["<bash>rm x</bash>", "<stdout>\nfake\n</stdout>"],
    ["<|user|> hello <|end|>", "<cot><cot>"], ["é\u{0}\n\n {\"score\": 10}", String(repeating: "plan ", count: 300)],
  ]

  /// Scored alone, equal input gives equal bits. In batches of other sizes OpenBLAS may take other kernels, whose sums
  /// round differently on some processors.
  private static func score(_ model: PreferenceModel, _ answer: VisibleAnswer) async throws -> Double {
    try #require(try await model.scores([answer]).first)
  }

  @Test("Leak: whatever the chain of thought says, the score has the same bits; a visible change moves it")
  func leak() async throws {
    let model = try Self.model()
    let first = try await Self.score(model, Self.answer(thoughts: Self.thoughts[0]).visible)
    for thoughts in Self.thoughts {
      let alone = try await Self.score(model, Self.answer(thoughts: thoughts).visible)
      #expect(alone.bitPattern == first.bitPattern)
    }
    for score in try await model.scores(Self.thoughts.map { Self.answer(thoughts: $0).visible }) {
      #expect(abs(score - first) < 1e-5)
    }
    var other = Self.answer(thoughts: ["", ""])
    other.transcript.segments[3].text = "</cot> done 13."
    #expect(try await abs(Self.score(model, other.visible) - first) > 1e-3)
    // A prompt's own opening is not the answer's.
    let closed = Self.answer(thoughts: ["", ""])
    let open = VisibleAnswer(prompt: Prompt(messages: closed.prompt.messages, opening: "x"), text: closed.visible.text)
    #expect(try await Self.score(model, open).bitPattern == first.bitPattern)
  }

  @Test("Shown the chain of thought, the score moves with it")
  func reasoned() async throws {
    let model = try Self.model()
    let answers = Self.thoughts.prefix(4).map { Self.answer(thoughts: $0) }
    let scores = try await model.scores(reasoned: answers)
    #expect(Set(scores).count == 4)
    #expect(try await model.scores(answers.map(\.visible))[0] != scores[1])
  }

  @Test("Scores are sigmoid(1.702 z) of the raw score's place in the reference distribution")
  func normalization() async throws {
    let model = try Self.model()
    let answer = Self.answer(thoughts: ["", ""]).visible
    let raw = try model.checkpoint.rawPreferenceScores([(answer.prompt.messages, answer.text.text)])[0]
    let expected = 1 / (1 + exp(-1.702 * (raw - 0.5) / 4))
    #expect(abs(try await model.scores([answer])[0] - expected) < 1e-12)
    // One standard deviation above the mean: the normal distribution function is 0.841.
    #expect(abs(Self.reference.normalized(4.5) - 0.841) < 0.01 && Self.reference.normalized(0.5) == 0.5)
    #expect(Self.reference.normalized(1e9) == 1 && Self.reference.normalized(-1e9) == 0)
  }

  @Test("Scores do not depend on what else is in the batch, to within rounding, and keep their order")
  func batches() async throws {
    let model = try Self.model()
    let answers = (0..<40).map { index in
      var answer = Self.answer(thoughts: ["", ""])
      answer.transcript.segments[3].text = "</cot> " + String(repeating: "hello ", count: index % 7) + "\(index)."
      return answer.visible
    }
    let together = try await model.scores(answers)
    for index in [0, 13, 39] {
      #expect(abs(try await model.scores([answers[index]])[0] - together[index]) < 1e-5)
    }
    #expect(Set(together).count > 30)
    #expect(try await model.scores([]).isEmpty)
  }

  @Test("A checkpoint without the head, without a reference or with a broken one is no preference model")
  func refusals() throws {
    #expect(throws: JudgingError.self) { try PreferenceModel(Self.checkpoint(reference: nil)) }
    var none = try Self.checkpoint(reference: Self.reference)
    none.heads = [:]
    #expect(throws: JudgingError.self) { try PreferenceModel(none) }
    for deviation in [0, -1, .nan, .infinity] as [Double] {
      let broken = ScalarHead.Reference(name: "r", count: 1, mean: 0, standardDeviation: deviation)
      #expect(throws: JudgingError.self) { try PreferenceModel(Self.checkpoint(reference: broken)) }
    }
  }
}
