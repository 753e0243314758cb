import Episodes
import LanguageModels
import MLX
import Testing
import Tokenization

@testable import Training

/// Expert iteration held near a reference: the loss of a token becomes l + c / 2 (l + r)^2, where -l is its log-probability and
/// r that of the reference.
@Suite struct ReferenceModelTests {
  private let example = TrainingExample(tokens: [1, 4, 2, 5], weights: [0, 0, 1, 1])

  private func checkpoint(seed: UInt64) throws -> ModelCheckpoint {
    let tokenizer = WordTokenizer.train(texts: ["a b c d e f g"], maxVocabulary: 300)
    let configuration = SeedlingConfiguration(
      vocabulary: tokenizer.vocabularySize, width: 16, layers: 1, heads: 2, keyValueHeads: 1, headWidth: 8, hidden: 32,
      context: 16)
    return try ModelCheckpoint(
      Seedling(configuration: configuration, seed: seed), tokenizer: tokenizer, lineage: Lineage(name: "tiny"))
  }

  /// The mean loss on a one-token example is -log p of that token.
  private func logProbability(_ checkpoint: ModelCheckpoint, of place: Int) throws -> Float {
    var one = example
    one.weights = one.weights.indices.map { $0 == place ? 1 : 0 }
    return -(try heldOutLoss(checkpoint, on: [one]).weighted)
  }

  @Test func aReferenceGivesEachLearntTokenItsLogProbability() throws {
    let reference = try checkpoint(seed: 1)
    let scored = try referenced([example], by: reference)[0]
    #expect(scored.reference[0] == 0 && scored.reference[1] == 0)
    for place in [2, 3] {
      #expect(abs(scored.reference[place] - (try logProbability(reference, of: place))) < 1e-5)
    }
  }

  @Test func thePenaltyIsHalfTheSquaredLogRatio() throws {
    let (policy, reference) = (try checkpoint(seed: 2), try checkpoint(seed: 1))
    let expected =
      try [2, 3].map { place -> Float in
        let (p, r) = (try logProbability(policy, of: place), try logProbability(reference, of: place))
        return -p + 0.7 / 2 * (p - r) * (p - r)
      }.reduce(0, +) / 2
    let batch = try Batch(referenced([example], by: reference), padding: 0)
    let model = try policy.model()
    let (states, head) = (try model.read(batch.inputs, model.parameters), try model.head(model.parameters))
    let values = try SupervisedTrainer.losses(batch, states, head, totalWeight: 2, klCoefficient: 0.7)
    #expect(abs(try values[0].item(Float.self) - expected) < 1e-4)
    // What is reported as the policy's own loss leaves the penalty out.
    let plain = try SupervisedTrainer.losses(batch, states, head, totalWeight: 2)
    #expect(try values[2].item(Float.self) == plain[2].item(Float.self))
  }

  @Test func aStrongPenaltyKeepsThePolicyNearItsReference() throws {
    let start = try checkpoint(seed: 2)
    func moved(_ coefficient: Float) throws -> Float {
      var options = FineTuneOptions(epochs: 20, seed: Seed(3), parts: .all)
      options.learningRate = 1e-2
      options.klCoefficient = coefficient
      let tuned = try fineTune(
        start, on: [example], options: options, lineage: Lineage(name: "tuned"), reference: start)
      return try [2, 3].map { abs(try logProbability(tuned, of: $0) - logProbability(start, of: $0)) }.reduce(0, +)
    }
    let (free, held) = (try moved(0), try moved(10))
    #expect(free > 1 && held < free / 3)
  }

  @Test func aPenaltyWithoutAReferenceIsRefused() throws {
    var options = FineTuneOptions(seed: Seed(1))
    options.klCoefficient = 1
    #expect {
      try fineTune(checkpoint(seed: 1), on: [example], options: options, lineage: Lineage(name: "x"))
    } throws: {
      "\($0)".contains("needs a reference checkpoint")
    }
  }
}
