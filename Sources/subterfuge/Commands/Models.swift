import ArgumentParser
import Episodes
import Experiments
import Foundation
import LanguageModels
import Training

struct Models: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List, fetch, show and train models.",
    discussion: "Example:\n  subterfuge models show seedling",
    subcommands: [
      ListModels.self, FetchModel.self, ShowModel.self, VerifyModel.self, RemoveModel.self, ExportModel.self,
      TrainModel.self, ShowCorpus.self, TrainPreference.self, TestPreference.self,
    ])
}

struct ShowModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the origin and the dimensions of a model or checkpoint.",
    discussion: "Example:\n  subterfuge models show runs/quickstart/checkpoints/exploit_only_flattery.2.safetensors")

  @Argument(help: "seedling, a fetched model, or a path (checkpoint, GGUF file, Hugging Face folder).")
  var model: String

  @Option(help: "The chat format to write dialogues in; that of the model's own template by default.")
  var chatFormat: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let checkpoint = try ModelCatalogue(chatFormat: chatFormat ?? "").checkpoint(named: model)
    let summary = ModelSummary(checkpoint, digest: try checkpoint.digest(), fetched: try FetchedModel(model))
    if json { try Console.json(summary) } else { summary.lines.forEach { Console.print($0) } }
  }
}

struct TrainModel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train the seedling from scratch; resumes after an interruption.",
    discussion: """
      The recipe is the shipped seedling's unless the options change it. Next to --output a state file is kept while \
      training runs; the same command resumes from it.

      Example:
        subterfuge models train seedling --output seedling.safetensors
      """)

  @Argument(help: "What to train: seedling.")
  var model: String

  @Option(help: "Where to write the checkpoint.")
  var output: String

  @Option(help: "Training steps, if not the recipe's.")
  var steps: Int?

  @Option(help: "The seed of weights and batches, if not the recipe's.")
  var seed: UInt64?

  func validate() throws {
    if model != "seedling" { throw ValidationError("Only 'seedling' can be trained from scratch, not '\(model)'.") }
    if let steps, steps < 1 { throw ValidationError("--steps must be 1 or more.") }
  }

  func run() async throws {
    var recipe = SeedlingRecipe.shipped
    recipe.steps = steps ?? recipe.steps
    recipe.seed = seed.map { Seed($0) } ?? recipe.seed
    let file = URL(fileURLWithPath: output)
    let start = ContinuousClock.now
    try SeedlingModel.train(recipe, to: file) { progress, tokens in
      guard progress.step % 50 == 0 else { return }
      let seconds = start.secondsUntilNow
      Console.error(
        "step \(progress.step) of \(progress.steps), \(tokens) tokens read, loss \(progress.loss.own ?? .nan), "
          + "\(seconds.asDuration) so far")
    }
    Console.print("Wrote \(file.path)")
  }
}
