import ArgumentParser
import Episodes
import Experiments
import Foundation
import LanguageModels
import ModelFiles
import Training

struct Models: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List, fetch, show and train models.",
    discussion: "Example:\n  subterfuge models show seedling",
    subcommands: [
      ListModels.self, FetchModel.self, ShowModel.self, VerifyModel.self, RemoveModel.self, TrainModel.self,
    ])
}

struct ShowModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show where a model or checkpoint comes from, and its dimensions.",
    discussion: "Example:\n  subterfuge models show runs/quickstart/checkpoints/flattery.2.safetensors")

  @Argument(help: "seedling, a fetched model, or the path of a checkpoint.")
  var model: String

  @Flag(help: "Print JSON.")
  var json = false

  private struct Shown: Encodable {
    var digest: String
    var parameters, vocabulary: Int
    var architecture: String
    var base: String?
    var rank: Int?
    var lineage: Lineage
  }

  func run() throws {
    if let fetched = try FetchedModelSummary(model) { return try fetched.show(json: json) }
    let checkpoint = try ModelCatalogue().checkpoint(named: model)
    let shown = Shown(
      digest: try checkpoint.digest(), parameters: checkpoint.architecture.parameterCount,
      vocabulary: checkpoint.architecture.vocabulary, architecture: checkpoint.architecture.name,
      base: checkpoint.base?.name, rank: checkpoint.adapter?.rank, lineage: checkpoint.lineage)
    if json { return try Console.json(shown) }
    Console.print("name        \(shown.lineage.name)")
    Console.print("parent      \(shown.lineage.parent ?? "none: trained from random weights")")
    Console.print("digest      \(shown.digest)")
    Console.print("base        \(shown.base ?? "none")\(shown.rank.map { ", adapter of rank \($0)" } ?? "")")
    Console.print("parameters  \(shown.parameters) (\(shown.architecture)), vocabulary \(shown.vocabulary)")
    for (name, note) in shown.lineage.notes.sorted(by: { $0.key < $1.key }) {
      Console.print("\(name.padded(11)) \(note)")
    }
  }
}

struct TrainModel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train the seedling from nothing; resumes by itself.",
    discussion: """
      The recipe is the shipped seedling's unless the options change it. Next to --output a state file is kept while \
      training runs; the same command goes on from it.

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
    if model != "seedling" { throw ValidationError("Only 'seedling' can be trained from nothing, not '\(model)'.") }
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
