internal import Episodes
package import Foundation
package import LanguageModels
internal import MLX
package import Tokenization

/// Trains a seedling from random weights on documents that a generator makes.
///
/// Documents are taken in order of index and batched in pools. Where a state file is given, the whole state (weights,
/// optimiser, place) is written there every so many steps and when the task is cancelled; a run that was killed goes on from
/// it and ends with the same bits as one that was not.
package struct SeedlingTraining: ResumableTraining {
  package let recipe: SeedlingRecipe
  package let tokenizer: WordTokenizer
  private let document: (Int) -> SeedlingDocument
  let state: StateFile?
  private var trainer: SupervisedTrainer
  private let configuration: SeedlingConfiguration
  private var place = Place()
  /// The pool at `place`, once its documents were made.
  private var pool: Pool?

  private struct Pool {
    let number: Int
    let examples: [TrainingExample]
    /// The indices of each step's examples.
    let batches: [[Int]]
  }

  /// Where a run stands.
  private struct Place: Codable {
    var pool = 0
    var batch = 0
    var tokensRead = 0
    var curve: [SeedlingCurvePoint] = []
  }

  /// A run at its start, or where the state file left it.
  ///
  /// - Parameters:
  ///   - state: `nil` keeps no state.
  ///   - document: the document at an index; a pure function.
  /// - Throws: a `ModelError` when the state file is damaged or belongs to another recipe.
  package init(
    recipe: SeedlingRecipe, state: StateFile? = nil,
    document: @escaping (Int) -> SeedlingDocument
  ) throws {
    self.recipe = recipe
    self.document = document
    self.state = state
    tokenizer = WordTokenizer.train(
      texts: (0..<recipe.vocabularyDocuments).lazy.flatMap { document($0).texts }, maxVocabulary: recipe.maxVocabulary)
    var configuration = recipe.configuration
    configuration.vocabulary = tokenizer.vocabularySize
    self.configuration = configuration
    var model = try Seedling(configuration: configuration, seed: recipe.seed["weights"].value)
    var optimizer: Safetensors?
    if let state, let saved = try SavedTraining(at: state.url, recipe: recipe) {
      model = try Seedling(configuration: configuration, parameters: saved.parameters)
      optimizer = saved.optimizer
      place = try saved.place(as: Place.self)
    }
    trainer = try SupervisedTrainer(
      model, padding: tokenizer.padding, optimizer: recipe.optimizer, steps: recipe.steps, restoring: optimizer)
  }

  /// Steps done, of `recipe.steps`.
  package var step: Int { trainer.optimizer.stepCount }
  package var steps: Int { recipe.steps }
  /// Tokens read so far, padding left out.
  package var tokensRead: Int { place.tokensRead }
  /// The loss of a batch every fifty steps.
  package var curve: [SeedlingCurvePoint] { place.curve }

  /// Steps until the recipe's last or until `progress`, called after every step, says stop.
  ///
  /// - Throws: `CancellationError`; an error when the loss is not finite or the state cannot be written.
  package mutating func run(progress: (TrainingProgress) -> TrainingVerdict = { _ in .more }) throws {
    try finish(progress)
  }

  mutating func advance() throws -> TrainingLoss {
    var pool = try currentPool()
    if place.batch == pool.batches.count {
      (place.pool, place.batch) = (place.pool + 1, 0)
      pool = try currentPool()
    }
    let loss = try trainer.train(on: pool.batches[place.batch].map { pool.examples[$0] })
    place.batch += 1
    place.tokensRead += loss.tokens
    if step % 50 == 1, let own = loss.own {
      place.curve.append(SeedlingCurvePoint(step: step, tokens: place.tokensRead, loss: loss.weighted, own: own))
    }
    return loss
  }

  func save(to file: URL) throws {
    try SavedTraining(parameters: trainer.model.parameters, optimizer: trainer.optimizer)
      .write(to: file, recipe: recipe, place: place)
  }

  private mutating func currentPool() throws -> Pool {
    if let pool, pool.number == place.pool { return pool }
    let examples = try self.examples(place.pool * BatchPlan.pool..<(place.pool + 1) * BatchPlan.pool)
    let batches = BatchPlan.batches(
      lengths: examples.map(\.tokens.count), tokens: recipe.tokensPerBatch, seed: recipe.seed["batches"][place.pool])
    let made = Pool(number: place.pool, examples: examples, batches: batches)
    pool = made
    return made
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
