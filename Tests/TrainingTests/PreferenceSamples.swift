import Episodes
import LanguageModels
import Tokenization

@testable import Training

/// A tiny seedling, and pairs that it can learn.
enum PreferenceSamples {
  static let tokenizer = WordTokenizer(words: [], separators: [])

  static let configuration = SeedlingConfiguration(
    vocabulary: tokenizer.vocabularySize, width: 32, layers: 2, heads: 2, keyValueHeads: 1, headWidth: 16, hidden: 64,
    context: 64)

  static func base() throws -> ModelCheckpoint {
    try ModelCheckpoint(
      Seedling(configuration: configuration, seed: 3), tokenizer: tokenizer, lineage: Lineage(name: "tiny"))
  }

  /// The chosen answer is the number of the prompt, the other is another number.
  static func copying(_ range: Range<Int>) -> [PreferencePair] {
    range.map { index in
      let number = index * 37 % 100
      return PreferencePair(
        prompt: [Message(.user, "\(number)")], chosen: "\(number)", rejected: "\((number + 1 + index % 97) % 100)",
        kind: index % 2 == 0 ? "even" : "odd")
    }
  }

  static func options(steps: Int, rate: Float = 1e-2, tokens: Int = 200) -> PreferenceOptions {
    PreferenceOptions(
      training: FineTuneOptions(
        epochs: 1_000, maxSteps: steps, tokensPerBatch: tokens, optimizer: TorchFixture.optimizer(rate: rate),
        seed: Seed(4), parts: .all))
  }
}
