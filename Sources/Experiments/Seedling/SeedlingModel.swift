import Episodes
package import Foundation
package import LanguageModels
package import SeedlingCorpus
internal import Tokenization
package import Training

/// The seedling: the small policy that ships with Subterfuge, and how it is made again.
package enum SeedlingModel {
  /// The shipped weights.
  package static func shipped() throws -> ModelCheckpoint {
    try ModelCheckpoint(contentsOf: ModelCheckpoint.shippedSeedling)
  }

  /// Trains a seedling from random weights and writes it to a file, with the loss curve beside it. Going on after a stop
  /// gives the same weights as not stopping.
  package static func train(
    _ recipe: SeedlingRecipe, to file: URL, progress: (TrainingProgress, _ tokensRead: Int) -> Void
  ) throws {
    let corpus = Corpus(seed: recipe.corpusSeed)
    let state = file.appendingPathExtension("state")
    var training = try SeedlingTraining(recipe: recipe, state: StateFile(state, interval: 200)) {
      SeedlingDocument(corpus.document(at: Corpus.training.lowerBound + $0))
    }
    var tokens = training.tokensRead
    try training.run {
      tokens += $0.loss.tokens
      progress($0, tokens)
      return .more
    }
    let checkpoint = try training.checkpoint()
    let held = try heldOutLoss(
      checkpoint,
      on: Corpus.validation.prefix(1_024).map {
        try SeedlingDocument(corpus.document(at: $0)).example(training.tokenizer, otherWeight: recipe.otherWeight)
      })
    let digest = try checkpoint.write(to: file)
    try TrainingRecord(
      recipe: recipe, parameters: checkpoint.architecture.parameterCount, digest: digest, heldOutLoss: held.own,
      tokens: training.tokensRead,
      curve: training.curve
    ).write(to: file.deletingPathExtension().appendingPathExtension("json"))
    try? FileManager.default.removeItem(at: state)
  }
}

/// What is written beside trained weights: how they came about and how well they learned.
private struct TrainingRecord: Encodable {
  var recipe: SeedlingRecipe
  var parameters: Int
  /// SHA-256 of the weights' file.
  var digest: String
  /// Nats per token that the policy writes, on 1,024 documents that training does not reach.
  var heldOutLoss: Float?
  var tokens: Int
  var curve: [SeedlingCurvePoint]

  func write(to file: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try encoder.encode(self).write(to: file, options: .atomic)
  }
}

extension SeedlingDocument {
  /// A document of the corpus as something to learn from.
  package init(_ document: TrainingDocument) {
    self.init(prompt: document.prompt, segments: document.segments)
  }
}
