internal import Episodes
package import Foundation
package import LanguageModels
internal import MLX
package import Tokenization

/// Trains a seedling from random weights on documents that a generator makes.
///
/// Documents are taken in order of index and batched in pools. Where a state file is given, the whole state (weights,
/// optimiser, place) is written there every `stateInterval` steps; a run that was killed goes on from it and ends with the
/// same bits as one that was not.
package struct SeedlingTraining {
  package let recipe: SeedlingRecipe
  package let tokenizer: WordTokenizer
  private let document: (Int) -> SeedlingDocument
  private let stateFile: URL?
  private let stateInterval: Int
  private var trainer: SupervisedTrainer
  private let configuration: SeedlingConfiguration
  private var place = Place()

  /// Where a run stands.
  private struct Place: Codable {
    var pool = 0
    var batch = 0
    var tokensRead = 0
    var curve: [SeedlingCurvePoint] = []
  }

  /// A run at its start, or where `stateFile` left it.
  ///
  /// - Parameters:
  ///   - stateFile: `nil` keeps no state.
  ///   - document: the document at an index; a pure function.
  /// - Throws: a `ModelError` when the state file is damaged or belongs to another recipe.
  package init(
    recipe: SeedlingRecipe, stateFile: URL? = nil, stateInterval: Int = 200,
    document: @escaping (Int) -> SeedlingDocument
  ) throws {
    self.recipe = recipe
    self.document = document
    self.stateFile = stateFile
    self.stateInterval = stateInterval
    tokenizer = WordTokenizer.train(
      texts: (0..<recipe.vocabularyDocuments).lazy.flatMap { document($0).texts }, maxVocabulary: recipe.maxVocabulary)
    var configuration = recipe.configuration
    configuration.vocabulary = tokenizer.vocabularySize
    self.configuration = configuration
    var model = try Seedling(configuration: configuration, seed: recipe.seed["weights"].value)
    var optimizer: Safetensors?
    if let stateFile, FileManager.default.fileExists(atPath: stateFile.path) {
      let saved = try SavedTraining(contentsOf: stateFile, recipe: recipe)
      model = try Seedling(configuration: configuration, parameters: saved.parameters)
      optimizer = saved.optimizer
      place = try saved.place(as: Place.self)
    }
    trainer = try SupervisedTrainer(
      model, padding: tokenizer.padding, optimizer: recipe.optimizer, steps: recipe.steps, restoring: optimizer)
  }

  /// Steps done, of `recipe.steps`.
  package var step: Int { trainer.optimizer.stepCount }
  /// Tokens read so far, padding left out.
  package var tokensRead: Int { place.tokensRead }
  /// The loss of a batch every fifty steps.
  package var curve: [SeedlingCurvePoint] { place.curve }

  /// Steps until the recipe's last or until `progress`, called after every step, says stop.
  ///
  /// - Throws: `CancellationError`; an error when the loss is not finite or the state cannot be written.
  package mutating func run(progress: (TrainingProgress) -> TrainingVerdict = { _ in .more }) throws {
    while step < recipe.steps {
      let examples = try self.examples(place.pool * BatchPlan.pool..<(place.pool + 1) * BatchPlan.pool)
      let batches = BatchPlan.batches(
        lengths: examples.map(\.tokens.count), tokens: recipe.tokensPerBatch, seed: recipe.seed["batches"][place.pool])
      while place.batch < batches.count && step < recipe.steps {
        try Task.checkCancellation()
        let loss = try train(on: batches[place.batch].map { examples[$0] })
        if case .stop = progress(TrainingProgress(step: step, steps: recipe.steps, loss: loss)) { return }
      }
      place.pool += 1
      place.batch = 0
    }
  }

  private mutating func train(on examples: [TrainingExample]) throws -> TrainingLoss {
    let loss = try trainer.train(on: examples)
    place.batch += 1
    place.tokensRead += loss.tokens
    if step % 50 == 1, let own = loss.own {
      place.curve.append(SeedlingCurvePoint(step: step, tokens: place.tokensRead, loss: loss.weighted, own: own))
    }
    if let stateFile, step % stateInterval == 0 {
      try SavedTraining(trainer).write(to: stateFile, recipe: recipe, place: place)
    }
    return loss
  }

  /// The documents of a range as rows to learn from, cut to the model's context.
  package func examples(_ indices: Range<Int>) throws -> [TrainingExample] {
    try indices.map { index in
      try document(index).example(tokenizer, otherWeight: recipe.otherWeight).cut(to: recipe.configuration.context)
    }
  }

  /// The present weights, with the recipe in their lineage.
  package func checkpoint(name: String = "seedling") throws -> ModelCheckpoint {
    let model = try Seedling(configuration: configuration, parameters: trainer.model.parameters)
    let notes = [
      "recipe": try SavedTraining.json(recipe), "steps": String(step), "tokens_read": String(place.tokensRead),
    ]
    return try ModelCheckpoint(model, tokenizer: tokenizer, lineage: Lineage(name: name, notes: notes))
  }
}

/// One point of a loss curve.
package struct SeedlingCurvePoint: Sendable, Codable, Hashable {
  package let step: Int
  package let tokens: Int
  /// The weighted loss of a batch, in nats per token.
  package let loss: Float
  /// The loss of the policy's own tokens in it.
  package let own: Float
}
