package import Foundation
internal import LanguageModels
internal import MLX

/// What a training run tells its caller after each step.
package struct StepProgress<Loss: Sendable>: Sendable {
  /// Steps done, counted from 1.
  package let step: Int
  /// Steps that there will be.
  package let steps: Int
  package let loss: Loss
}

/// The progress of supervised training.
package typealias TrainingProgress = StepProgress<TrainingLoss>

/// What the caller wants next.
package enum TrainingVerdict: Sendable {
  case more
  /// Ends training here; what has been learned is kept.
  case stop
}

/// Where a training run keeps its state, so that one that was killed or cancelled goes on from there.
package struct StateFile: Sendable {
  package var url: URL
  /// Steps between two writes.
  package var interval: Int

  package init(_ url: URL, interval: Int = 20) {
    self.url = url
    self.interval = max(1, interval)
  }
}

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

/// Steps over batches that were planned before, with a state that is kept on the way.
struct TrainingRun<Trainer: StepTrainer, Options: Encodable> {
  private(set) var trainer: Trainer
  private let rows: [Trainer.Row]
  private let batches: [[Int]]
  private let recipe: RunRecipe<Options>
  private let state: StateFile?

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
    let file = state.flatMap { FileManager.default.fileExists(atPath: $0.url.path) ? $0.url : nil }
    trainer = try make(file.map { try SavedTraining(contentsOf: $0, recipe: recipe) })
  }

  /// The steps that are left, or those until `progress` says stop.
  mutating func finish(_ progress: (StepProgress<Trainer.Loss>) -> TrainingVerdict) throws {
    try Memory.reusing { try steps(progress) }
  }

  private mutating func steps(_ progress: (StepProgress<Trainer.Loss>) -> TrainingVerdict) throws {
    while trainer.optimizer.stepCount < batches.count {
      if Task.isCancelled {
        try save()
        throw CancellationError()
      }
      let loss = try trainer.train(on: batches[trainer.optimizer.stepCount].map { rows[$0] })
      let step = trainer.optimizer.stepCount
      if let state, step % state.interval == 0 { try save() }
      if case .stop = progress(StepProgress(step: step, steps: batches.count, loss: loss)) { break }
    }
  }

  private func save() throws {
    guard let state else { return }
    try SavedTraining(parameters: trainer.parameters, optimizer: trainer.optimizer)
      .write(to: state.url, recipe: recipe, place: trainer.optimizer.stepCount)
  }
}
