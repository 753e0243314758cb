internal import Foundation
internal import LanguageModels
internal import MLX

/// The progress of supervised training.
package typealias TrainingProgress = StepProgress<TrainingLoss>

/// A model whose training goes in steps, each over some rows.
protocol StepTrainer {
  associatedtype Row
  associatedtype Loss: Sendable

  /// Everything that is trained.
  var parameters: Parameters { get }
  var optimizer: Optimizer { get }
  mutating func train(on rows: [Row]) throws -> Loss
}

/// Settings that must match for training to resume from a saved state.
struct RunRecipe<Options: Encodable>: Encodable {
  let options: Options
  let checkpoint: String
  let rows: String

  /// - Parameter isNeeded: without a state file nothing is compared, and the digests are spared.
  init(_ options: Options, _ checkpoint: ModelCheckpoint, rows: some Encodable, isNeeded: Bool) throws {
    self.options = options
    self.checkpoint = isNeeded ? try checkpoint.digest() : ""
    self.rows = isNeeded ? Data(try SavedTraining.json(rows).utf8).sha256 : ""
  }
}

/// Steps over batches that were planned before.
struct TrainingRun<Trainer: StepTrainer, Options: Encodable>: ResumableTraining {
  private(set) var trainer: Trainer
  let state: StateFile?
  private let rows: [Trainer.Row]
  private let batches: [[Int]]
  private let recipe: RunRecipe<Options>

  /// - Parameters:
  ///   - batches: the indices into `rows` of each step, in order.
  ///   - make: the trainer at the start, or as a state file left it.
  init(
    rows: [Trainer.Row], batches: [[Int]], recipe: RunRecipe<Options>, state: StateFile?,
    trainer make: (SavedTraining?) throws -> Trainer
  ) throws {
    self.rows = rows
    self.batches = batches
    self.recipe = recipe
    self.state = state
    trainer = try make(state.flatMap { try SavedTraining(at: $0.url, recipe: recipe) })
  }

  var step: Int { trainer.optimizer.stepCount }
  var steps: Int { batches.count }

  mutating func advance() throws -> Trainer.Loss { try trainer.train(on: batches[step].map { rows[$0] }) }

  func save(to file: URL) throws {
    try SavedTraining(parameters: trainer.parameters, optimizer: trainer.optimizer)
      .write(to: file, recipe: recipe, place: step)
  }
}
