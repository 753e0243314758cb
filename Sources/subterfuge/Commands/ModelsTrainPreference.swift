import ArgumentParser
import Episodes
import Experiments
import Foundation
import LanguageModels
import SeedlingCorpus
import Training

struct TrainPreference: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train-preference",
    abstract: "Train a preference model on pairs of answers; resumes after an interruption.",
    discussion: """
      Without --pairs, the pairs are generated: helpful, honest and harmless answers against worse ones, in the seedling's \
      words. A file has one pair a line, {"prompt", "chosen", "rejected"} or two dialogues as in hh-rlhf, plain or .gz. \
      A part of it, chosen by a hash of the prompts, is held out and measured at the end. Next to --output a state file is \
      kept while training runs; the same command resumes from it.

      Example:
        subterfuge models train-preference --output preference.safetensors
        subterfuge models train-preference --base scratch --pairs pairs.jsonl.gz --output preference.safetensors
      """)

  @Option(help: "seedling, a fetched model, a path, or scratch: a new small network with the words of the pairs.")
  var base = "seedling"

  @Option(help: "A JSONL file of pairs, plain or .gz; the generated pairs by default.")
  var pairs: String?

  @Option(help: "Largest number of training pairs; by default 3000 generated pairs, or all pairs of a file.")
  var count: Int?

  @Option(help: "The share of a file's pairs that is held out.")
  var heldOut = 0.1

  @Option(help: "How often each pair is trained on.")
  var epochs = 1

  @Option(help: "The learning rate at its peak.")
  var learningRate: Float = 1e-3

  @Option(help: "The root seed of weights, batches and generated pairs.")
  var seed: UInt64 = 1

  @Option(help: "Where to write the preference model.")
  var output: String

  @Flag(help: "Print the figures on held-out pairs as JSON.")
  var json = false

  func validate() throws {
    try checkNumbers(("--count", count ?? 1, mostEpisodes), ("--epochs", epochs, 1_000))
    if !(0..<1).contains(heldOut) { throw ValidationError("--held-out must be at least 0 and below 1.") }
    if !(learningRate > 0 && learningRate < 1) { throw ValidationError("--learning-rate must be above 0 and below 1.") }
  }

  func run() throws {
    let source = try PreferenceSource(file: pairs, heldOut: heldOut, seed: Seed(seed))
    let training = Array(source.training(count).prefix(count ?? .max))
    let held = source.heldOut
    let start =
      base == "scratch"
      ? try .scratch(for: training, seed: Seed(seed)) : try ModelCatalogue().checkpoint(named: base)
    let file = URL(fileURLWithPath: output)
    let state = file.appendingPathExtension("state")
    let (printer, title) = (ProgressPrinter(), "train the preference model")
    var hasBegun = false
    let model = try trainPreferenceModel(
      start, on: training, reference: Array(held.prefix(512)), options: options(start),
      lineage: try lineage(start, pairs: training.count), state: StateFile(state)
    ) { progress in
      if !hasBegun { printer.report(.began(title, total: progress.steps, done: progress.step - 1)) }
      hasBegun = true
      printer.report(.advanced(done: progress.step))
      return .more
    }
    if hasBegun { printer.report(.ended(title)) }
    _ = try model.write(to: file)
    try? FileManager.default.removeItem(at: state)
    if !json { Console.print("Wrote \(file.path)") }
    if !held.isEmpty { try PreferenceSummary(model.evaluatePreferences(on: held)).show(json: json) }
  }

  private func options(_ start: ModelCheckpoint) -> PreferenceOptions {
    var options = PreferenceOptions.seedling(seed: Seed(seed))
    options.training.epochs = epochs
    options.training.learningRate = learningRate
    if start.base != nil {
      options.training.parts = .adapter(LoRAConfiguration())
      options.training.microbatchTokens = 1_024
    }
    return options
  }

  private func lineage(_ start: ModelCheckpoint, pairs count: Int) throws -> Lineage {
    Lineage(
      name: "preference", parent: try start.digest(),
      notes: [
        "base": base, "pairs": "\(count) of \(pairs ?? "the generated set")", "epochs": "\(epochs)", "seed": "\(seed)",
      ])
  }
}

struct TestPreference: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test-preference", abstract: "Measure a preference model on pairs: accuracy and calibration.",
    discussion: """
      With --held-out, measures only the pairs that `train-preference` with the same share kept from training.

      Example:
        subterfuge models test-preference preference.safetensors --pairs pairs.jsonl.gz --held-out 0.1
      """)

  @Argument(help: "The path of a preference model.")
  var model: String

  @Option(help: "A JSONL file of pairs, plain or .gz; the generated pairs that are kept from training by default.")
  var pairs: String?

  @Option(help: "The share of a file's pairs that is held out; all of them by default.")
  var heldOut: Double = 1

  @Option(help: "The root seed of generated pairs.")
  var seed: UInt64 = 1

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if !(heldOut > 0 && heldOut <= 1) { throw ValidationError("--held-out must be above 0 and at most 1.") }
  }

  func run() throws {
    let checkpoint = try ModelCatalogue().checkpoint(named: model)
    let held = try PreferenceSource(file: pairs, heldOut: heldOut, seed: Seed(seed)).heldOut
    guard !held.isEmpty else { throw ValidationError("There are no pairs to measure on.") }
    try PreferenceSummary(checkpoint.evaluatePreferences(on: held)).show(json: json)
  }
}
