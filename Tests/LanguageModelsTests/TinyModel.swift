import MLX
import Tokenization

@testable import LanguageModels

/// A small model with random weights whose distribution is far from uniform.
enum TinyModel {
  static let tokenizer = WordTokenizer(
    words: ["look", "in", "the", "garden", "rose", "txt", "ls", "cat"], separators: [". ", "\n\n"])

  static func configuration(context: Int = 96) -> SeedlingConfiguration {
    SeedlingConfiguration(
      vocabulary: tokenizer.vocabularySize, width: 48, layers: 2, heads: 6, keyValueHeads: 2, headWidth: 8, hidden: 80,
      context: context)
  }

  static func checkpoint(context: Int = 96, seed: UInt64 = 5) throws -> ModelCheckpoint {
    var model = try Seedling(configuration: configuration(context: context), seed: seed)
    model.parameters["embedding"] = try model.parameters.require("embedding") * 5
    return try ModelCheckpoint(model, tokenizer: tokenizer, lineage: Lineage(name: "tiny"))
  }

  /// Deterministic tokens of any length, special tokens left out.
  static func tokens(_ count: Int, from start: Int = 0) -> [Int32] {
    (0..<count).map { Int32(20 + (start + $0) * 7919 % (tokenizer.vocabularySize - 20)) }
  }
}
