package import Episodes
package import LanguageModels
internal import Tokenization

extension ModelCheckpoint {
  /// A network of the seedling's architecture with random weights and a vocabulary of these pairs' words, to train a
  /// preference model from nothing.
  ///
  /// - Parameter maxVocabulary: tokens at most; what is left out is spelt in bytes.
  package static func scratch(
    for pairs: [PreferencePair], maxVocabulary: Int = 4_096, seed: Seed
  ) throws -> ModelCheckpoint {
    let texts = pairs.lazy.flatMap { pair in pair.prompt.map(\.text) + [pair.chosen, pair.rejected] }
    let tokenizer = WordTokenizer.train(texts: texts, maxVocabulary: maxVocabulary)
    let configuration = SeedlingConfiguration(vocabulary: tokenizer.vocabularySize)
    return try ModelCheckpoint(
      Seedling(configuration: configuration, seed: seed["weights"].value), tokenizer: tokenizer,
      lineage: Lineage(name: "scratch", notes: ["pairs": String(pairs.count), "seed": String(seed.value)]))
  }
}
