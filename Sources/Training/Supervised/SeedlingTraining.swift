package import Episodes
package import Foundation
package import LanguageModels
internal import MLX

/// What seedling training tells its caller after each step.
package struct SeedlingProgress: Sendable {
  package let step: Int
  /// Tokens read so far, and in all.
  package let tokensRead: Int
  package let tokens: Int
  package let loss: TrainingLoss
}

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
  private var place = Place()

  /// Where a run stands: what to skip when it goes on.
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
    recipe: SeedlingRecipe, stateFile: URL? = nil, stateInterval: Int = 200, document: @escaping (Int) -> SeedlingDocument
  ) throws {
    self.recipe = recipe
    self.document = document
    self.stateFile = stateFile
    self.stateInterval = stateInterval
    tokenizer = WordTokenizer.train(
      texts: (0..<recipe.vocabularyDocuments).lazy.flatMap { document($0).texts }, maxVocabulary: recipe.maxVocabulary)
    var configuration = recipe.configuration
    configuration.vocabulary = tokenizer.vocabularySize
    var model = try Seedling(configuration: configuration, seed: recipe.seed["weights"].value)
    var saved: (moments: Parameters, step: Int)?
    if let stateFile, FileManager.default.fileExists(atPath: stateFile.path) {
      let state = try SavedState(contentsOf: stateFile, recipe: recipe)
      model = try Seedling(configuration: configuration, parameters: state.parameters)
      saved = (state.moments, state.step)
      place = try state.decode(Place.self)
    }
    trainer = SupervisedTrainer(
      model,
      optimizer: try Optimizer(recipe.optimizer, for: model.parameters, isMatrix: model.isMatrix, resuming: saved),
      padding: tokenizer.padding)
  }

  /// Steps until the recipe's tokens are read or `progress` says stop.
  ///
  /// - Throws: `CancellationError`; a `ModelError` when the loss is not finite or the state cannot be written.
  package mutating func run(progress: (SeedlingProgress) -> TrainingVerdict = { _ in .more }) throws {
    let context = recipe.configuration.context
    while place.tokensRead < recipe.tokens {
      let indices = place.pool * BatchPlan.pool..<(place.pool + 1) * BatchPlan.pool
      let examples = try indices.map { index in
        try document(index).example(tokenizer, otherWeight: recipe.otherWeight).cut(to: context)
      }
      let batches = BatchPlan.batches(
        lengths: examples.map(\.tokens.count), tokens: recipe.tokensPerBatch, seed: recipe.seed["batches"][place.pool])
      while place.batch < batches.count && place.tokensRead < recipe.tokens {
        try Task.checkCancellation()
        let loss = try step(batches[place.batch].map { examples[$0] })
        if case .stop = progress(
          SeedlingProgress(
            step: trainer.optimizer.step, tokensRead: place.tokensRead, tokens: recipe.tokens, loss: loss))
        {
          return
        }
      }
      place.pool += 1
      place.batch = 0
    }
  }

  private mutating func step(_ examples: [TrainingExample]) throws -> TrainingLoss {
    // The schedule counts tokens: batches differ in size.
    let steps = recipe.tokens / recipe.tokensPerBatch
    let done = Int(Double(place.tokensRead) / Double(recipe.tokens) * Double(steps))
    let factor = recipe.schedule.factor(step: max(done, min(trainer.optimizer.step, recipe.schedule.warmUp)), of: steps)
    let loss = try trainer.train(on: examples, factor: factor)
    place.batch += 1
    place.tokensRead += loss.tokens
    if trainer.optimizer.step % 50 == 1, loss.own.isFinite {
      place.curve.append(SeedlingCurvePoint(tokens: place.tokensRead, loss: loss.weighted, own: loss.own))
    }
    if let stateFile, trainer.optimizer.step % stateInterval == 0 { try save(to: stateFile) }
    return loss
  }

  /// The loss on documents that training does not reach.
  package func heldOutLoss(_ documents: Range<Int>) throws -> TrainingLoss {
    try trainer.loss(
      on: documents.map {
        try document($0).example(tokenizer, otherWeight: recipe.otherWeight).cut(to: recipe.configuration.context)
      })
  }

  /// The loss of a batch every fifty steps.
  package var curve: [SeedlingCurvePoint] { place.curve }

  /// The present weights, with the recipe in their lineage.
  package func checkpoint(name: String = "seedling") throws -> ModelCheckpoint {
    let notes = [
      "recipe": try SavedState.json(recipe), "tokens_read": String(place.tokensRead),
      "steps": String(trainer.optimizer.step),
    ]
    return try ModelCheckpoint(trainer.model, tokenizer: tokenizer, lineage: Lineage(name: name, notes: notes))
  }

  private func save(to file: URL) throws {
    try SavedState(
      parameters: trainer.model.parameters, moments: trainer.optimizer.state, step: trainer.optimizer.step
    ).write(to: file, recipe: recipe, place: place)
  }
}

/// One point of a loss curve.
package struct SeedlingCurvePoint: Sendable, Codable, Hashable {
  package let tokens: Int
  /// The weighted loss of a batch, and the loss of the policy's own tokens in it.
  package let loss: Float
  package let own: Float
}
