import Episodes
import Foundation
import LanguageModels
import SeedlingCorpus
import Testing
import Tokenization

@testable import Training

struct SeedlingTrainingTests {
  static func document(_ index: Int) -> SeedlingDocument {
    let document = Corpus(seed: Seed(1)).document(at: Corpus.training.lowerBound + index)
    return SeedlingDocument(prompt: document.prompt, segments: document.segments)
  }

  static func recipe(steps: Int) -> SeedlingRecipe {
    SeedlingRecipe(
      vocabularyDocuments: 1_024, maxVocabulary: 1_300,
      configuration: SeedlingConfiguration(
        vocabulary: 1, width: 64, layers: 2, heads: 4, keyValueHeads: 2, headWidth: 16, hidden: 192, context: 512),
      steps: steps, tokensPerBatch: 1_024)
  }

  @Test("A document's weights: 1 on what the policy writes with its tags and end of turn, less on what it reads")
  func weights() throws {
    let tokenizer = WordTokenizer(words: ["look", "ls", "rose", "done"], separators: [])
    let document = SeedlingDocument(
      prompt: Prompt(messages: [Message(.user, "look")]),
      segments: [
        Segment(.policy, "</cot><bash>ls</bash>"), Segment(.tool, "<stdout>\nrose\n</stdout>\n"),
        Segment(.policy, "done"),
      ])
    let example = try document.example(tokenizer, otherWeight: 0.25)
    let own = zip(example.tokens, example.weights).filter { $0.1 == 1 }.map { tokenizer.decode([$0.0]) }
    #expect(own == ["</cot>", "<bash>", "ls", "</bash>", "done", "<|end|>"])
    let other = zip(example.tokens, example.weights).filter { $0.1 == 0.25 }.map { tokenizer.decode([$0.0]) }
    #expect(
      other == [
        "<|user|>", "look", "<|end|>", "<|assistant|>", "<cot>", "<stdout>", "\n", "rose", "\n", "</stdout>", "\n",
      ])
  }

  @Test("A small seedling learns the corpus: own tokens below 2.2 nats on held-out documents after 150 steps, from 7")
  func learns() throws {
    var training = try SeedlingTraining(recipe: Self.recipe(steps: 150), document: Self.document)
    var first: Float?
    try training.run { progress in
      if first == nil { first = progress.loss.own }
      return .more
    }
    let checkpoint = try training.checkpoint()
    let held = try heldOutLoss(checkpoint, on: training.examples(1_000_000..<1_000_064))
    #expect(try #require(first) > 6.5)
    let own = try #require(held.own)
    #expect(own < 2.2)
    #expect(checkpoint.lineage.notes["steps"] == "150")
    #expect(training.curve.count == 3)
  }

  @Test("A killed run goes on from its state and ends with the same bits; another recipe is refused")
  func resuming() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "training-\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    let recipe = Self.recipe(steps: 12)
    var whole = try SeedlingTraining(recipe: recipe, document: Self.document)
    try whole.run()
    var killed = try SeedlingTraining(recipe: recipe, state: StateFile(file, interval: 5), document: Self.document)
    try killed.run { $0.step == 8 ? .stop : .more }
    var resumed = try SeedlingTraining(recipe: recipe, state: StateFile(file, interval: 5), document: Self.document)
    #expect(resumed.step == 5)
    try resumed.run()
    #expect(try resumed.checkpoint().weights == whole.checkpoint().weights)
    #expect(resumed.tokensRead == whole.tokensRead)
    #expect(throws: ModelError.self) {
      try SeedlingTraining(recipe: Self.recipe(steps: 13), state: StateFile(file), document: Self.document)
    }
    try Data("damaged".utf8).write(to: file)
    #expect(throws: ModelError.self) {
      try SeedlingTraining(recipe: recipe, state: StateFile(file), document: Self.document)
    }
  }

  @Test("A cancelled run is kept at the step where it stopped, whatever the interval")
  func cancelling() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "training-\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    let recipe = Self.recipe(steps: 12)
    let state = StateFile(file, interval: 1_000)
    let task = Task {
      var training = try SeedlingTraining(recipe: recipe, state: state, document: Self.document)
      try training.run { progress in
        if progress.step == 7 { withUnsafeCurrentTask { $0?.cancel() } }
        return .more
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    var resumed = try SeedlingTraining(recipe: recipe, state: state, document: Self.document)
    #expect(resumed.step == 7)
    try resumed.run()
    var whole = try SeedlingTraining(recipe: recipe, document: Self.document)
    try whole.run()
    #expect(try resumed.checkpoint().weights == whole.checkpoint().weights)
  }
}
