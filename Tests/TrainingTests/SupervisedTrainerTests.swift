import Episodes
import Foundation
import LanguageModels
import MLX
import Testing
import Tokenization

@testable import Training

struct SupervisedTrainerTests {
  static let tokenizer = WordTokenizer(words: ["a", "b"], separators: [])

  static func checkpoint(layers: Int = 2) throws -> ModelCheckpoint {
    let configuration = SeedlingConfiguration(
      vocabulary: tokenizer.vocabularySize, width: 32, layers: layers, heads: 2, keyValueHeads: 1, headWidth: 16,
      hidden: 64, context: 64)
    return try ModelCheckpoint(
      Seedling(configuration: configuration, seed: 3), tokenizer: tokenizer, lineage: Lineage(name: "tiny"))
  }

  /// Rows of different lengths with weights of 0, 0.1 and 1.
  static let rows: [TrainingExample] = [3, 9, 17, 5].map { length in
    TrainingExample(
      tokens: (0..<length).map { Int32(30 + $0 * 37 % 300) },
      weights: (0..<length).map { [0, 0.1, 1][($0 + length) % 3] })
  }

  /// Loss and gradients of a batch.
  private func gradients(_ rows: [TrainingExample], _ model: Seedling) throws -> (loss: Float, gradients: Parameters) {
    let batch = try Batch(rows, padding: 0)
    let total = rows.flatMap { $0.weights.dropFirst() }.reduce(0, +)
    let result = try model.gradient(batch.inputs, model.parameters, dropout: nil) {
      try SupervisedTrainer.losses(batch, $0, model.head($1), totalWeight: total)
    }
    return (try result.loss.item(Float.self), result.gradients)
  }

  @Test("Loss and gradients of a padded batch are the weighted means over its rows, each alone and unpadded")
  func padding() throws {
    let model = try Self.checkpoint().seedling()
    let together = try gradients(Self.rows, model)
    let alone = try Self.rows.map { try gradients([$0], model) }
    let weights = Self.rows.map { $0.weights.dropFirst().reduce(0, +) }
    let total = weights.reduce(0, +)
    let expected = zip(alone, weights).reduce(0) { $0 + $1.0.loss * $1.1 } / total
    #expect(abs(together.loss - expected) < 1e-5)
    for (name, gradient) in together.gradients.pairs {
      var sum = try MLXArray.zeros(gradient.shape)
      for (row, weight) in zip(alone, weights) { sum = try sum + row.gradients.require(name) * (weight / total) }
      let (scale, difference) = (try square(gradient).sum(), try square(gradient - sum).sum())
      #expect(try difference.item(Float.self) <= 1e-9 * max(scale.item(Float.self), 1e-6), "\(name)")
    }
  }

  @Test("A token of weight 0 has no gradient: changing it as a target changes nothing")
  func mask() throws {
    let model = try Self.checkpoint().seedling()
    var row = TrainingExample(tokens: [30, 31, 32, 33], weights: [1, 1, 1, 0])
    let before = try gradients([row], model)
    row.tokens[3] = 99
    let after = try gradients([row], model)
    #expect(before.loss == after.loss)
    row.weights[3] = 1
    #expect(try gradients([row], model).loss != after.loss)
  }

  @Test("The loss is the mean of -log p over weights, from the model's own probabilities")
  func byHand() throws {
    let model = try Self.checkpoint().seedling()
    let row = TrainingExample(tokens: [30, 31, 32], weights: [9, 0.5, 2])
    let logits = try model.logits(MLXArray([30, 31] as [Int32], [1, 2]), model.parameters)
    let p = try softmax(logits).asArray(Float.self)
    let vocabulary = model.configuration.vocabulary
    let expected = -(0.5 * log(p[31]) + 2 * log(p[vocabulary + 32])) / 2.5
    let result = try gradients([row], model)
    #expect(abs(result.loss - expected) < 1e-5)
    let held = try heldOutLoss(Self.checkpoint(), on: [row])
    #expect(abs(held.weighted - expected) < 1e-5)
    #expect(abs(try #require(held.own) + log(p[vocabulary + 32])) < 1e-5)
  }

  @Test("Held-out loss does not depend on how rows are cut into batches")
  func heldOut() throws {
    let model = try Self.checkpoint().seedling()
    let losses = try [8, 40, 4_096].map {
      try loss(of: model, on: Self.rows, padding: 0, tokensPerBatch: $0)
    }
    for loss in losses {
      #expect(abs(loss.weighted - losses[0].weighted) < 1e-5)
      #expect(abs((loss.own ?? 0) - (losses[0].own ?? 1)) < 1e-5)
      #expect(loss.tokens == 34)
    }
  }

  @Test("Fine-tuning learns a row by heart, is the same twice, and stops when told")
  func fineTuning() throws {
    let checkpoint = try Self.checkpoint()
    let row = TrainingExample(
      tokens: (0..<20).map { Int32(30 + $0 * 13 % 40) }, weights: .init(repeating: 1, count: 20))
    var options = FineTuneOptions(epochs: 60, optimizer: FineTuneOptions.gentle, seed: Seed(1))
    options.optimizer.adamW.learningRate = 1e-2
    func tune(stoppingAfter limit: Int = .max) throws -> (ModelCheckpoint, Int) {
      var steps = 0
      let tuned = try fineTune(checkpoint, on: [row], options: options, lineage: Lineage(name: "tuned")) { progress in
        steps = progress.step
        return progress.step >= limit ? .stop : .more
      }
      return (tuned, steps)
    }
    let (tuned, steps) = try tune()
    #expect(steps == 60)
    #expect(try heldOutLoss(checkpoint, on: [row]).weighted > 3)
    #expect(try heldOutLoss(tuned, on: [row]).weighted < 0.2)
    #expect(try tune().0.weights == tuned.weights)
    #expect(try tune(stoppingAfter: 3).1 == 3)
    #expect(
      try fineTune(checkpoint, on: [], options: options, lineage: Lineage(name: "same")).weights == checkpoint.weights)
  }

  @Test("A learning rate that destroys the model is an error, not a checkpoint of NaN")
  func divergence() throws {
    var options = FineTuneOptions(epochs: 30, seed: Seed(1))
    options.optimizer.adamW.learningRate = 1e30
    #expect(throws: (any Error).self) {
      try fineTune(Self.checkpoint(), on: Self.rows, options: options, lineage: Lineage(name: "broken"))
    }
  }
}
