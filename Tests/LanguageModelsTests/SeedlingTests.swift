import MLX
import Testing
import Tokenization

@testable import LanguageModels

struct SeedlingTests {
  @Test("No position sees what comes after it, and padding on the right changes nothing")
  func causality() throws {
    let model = try TinyModel.checkpoint().seedling()
    let tokens = TinyModel.tokens(12)
    func logits(_ tokens: [Int32]) throws -> [Float] {
      try model.logits(MLXArray(tokens, [1, tokens.count]), model.parameters).asArray(Float.self)
    }
    let vocabulary = model.configuration.vocabulary
    let whole = try logits(tokens)
    let changed = try logits(tokens.prefix(7) + TinyModel.tokens(5, from: 50))
    let padded = try logits(tokens + [0, 0, 0])
    for index in 0..<7 * vocabulary { #expect(abs(whole[index] - changed[index]) < 1e-5) }
    for index in 0..<12 * vocabulary { #expect(abs(whole[index] - padded[index]) < 1e-5) }
    #expect(whole[11 * vocabulary] != changed[11 * vocabulary])
  }

  @Test("The number of weights is what a count by hand gives")
  func parameterCount() throws {
    let configuration = SeedlingConfiguration(
      vocabulary: 100, width: 32, layers: 2, heads: 4, keyValueHeads: 2, headWidth: 8, hidden: 64, context: 16)
    // embedding 3200, shift 96, last norm 32; a layer: norms 64, query-key-value 64 x 32, head norms 16, output 32 x 32,
    // up and down 2 x 64 x 32.
    #expect(configuration.parameterCount == 3_200 + 96 + 32 + 2 * (64 + 2_048 + 16 + 1_024 + 4_096))
    #expect(try Seedling(configuration: configuration, seed: 1).parameters.elementCount == configuration.parameterCount)
  }

  @Test("The same seed gives the same weights, another seed others")
  func seeds() throws {
    #expect(try TinyModel.checkpoint(seed: 1).weights == TinyModel.checkpoint(seed: 1).weights)
    #expect(try TinyModel.checkpoint(seed: 1).weights != TinyModel.checkpoint(seed: 2).weights)
  }

  /// OpenBLAS never returns from a request for memory that the system refuses.
  @Test("Rows that memory cannot hold are refused before anything is computed")
  func tooManyTokens() throws {
    let model = try TinyModel.checkpoint(context: 16).seedling()
    let tokens = try MLXArray.zeros([400_000_000, 16], dtype: .int32)
    #expect { try model.logits(tokens, model.parameters) } throws: {
      "\($0)".contains("A batch of 6400000000 tokens needs at least")
    }
  }

  @Test("Too long a row and a missing parameter are refused")
  func refusals() throws {
    var model = try TinyModel.checkpoint(context: 16).seedling()
    #expect(throws: ModelError.self) {
      try model.logits(MLXArray(TinyModel.tokens(17), [1, 17]), model.parameters)
    }
    model.parameters["norm"] = nil
    #expect(throws: (any Error).self) {
      try Seedling(configuration: model.configuration, parameters: model.parameters)
    }
  }
}
