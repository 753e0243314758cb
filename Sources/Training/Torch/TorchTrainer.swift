import Episodes
package import Foundation
package import LanguageModels
internal import MLX
internal import Tokenization

/// Trains adapters in the torch program, by the same formulas, on the same rows in the same steps as in this process.
///
/// A request has a folder. It holds what is asked, what the program has saved on its way, and its output, so that a training which
/// was killed resumes, and one that was done is not done again. Remove the folder when the checkpoint is safe.
package struct TorchTrainer: Sendable {
  private let settings: TorchSettings

  package init(_ settings: TorchSettings) { self.settings = settings }

  /// The loss of the policy's own words before and after, in nats a token.
  package typealias OwnLoss = (before: Float?, after: Float?)

  /// Fine-tunes a checkpoint as `fineTune` does.
  ///
  /// - Parameters:
  ///   - measured: the loss is reported of so many of the first examples.
  ///   - folder: of the request.
  /// - Throws: a `ModelError`; `CancellationError`.
  package func fineTune(
    _ checkpoint: ModelCheckpoint, on examples: [TrainingExample], measured: Int, options: FineTuneOptions,
    lineage: Lineage, reference: ModelCheckpoint? = nil, in folder: URL, progress: (_ step: Int, _ steps: Int) -> Void
  ) throws -> (checkpoint: ModelCheckpoint, loss: OwnLoss) {
    let context = checkpoint.architecture.context
    var (rows, kept) = ([TrainingExample](), 0)
    for (index, example) in examples.enumerated() {
      let row = example.cut(to: context)
      guard row.tokens.count > 1 else { continue }
      rows.append(row)
      if index < measured { kept += 1 }
    }
    let steps = options.batches(lengths: rows.map(\.tokens.count))
    guard !steps.isEmpty else { return (try renamed(checkpoint, lineage), (nil, nil)) }
    var request = try Request(
      method: "supervised", optimizer: options.optimizer, seed: options.seed, settings: settings, context: context,
      start: options.model(of: checkpoint), of: checkpoint, in: folder)
    request.klCoefficient = Double(options.klCoefficient)
    if options.klCoefficient > 0 { try request.refer(to: reference, in: folder) }
    request.tokensPerMicrobatch = options.microbatchTokens ?? options.tokensPerBatch
    request.checkpointing = settings.checkpointing || options.checkpointing
    let done = try run(request, TorchBatch(rows, measured: kept, steps: steps), in: folder) { step, steps, _ in
      progress(step, steps)
    }
    let loss = (done.metrics["loss_before"].map { Float($0) }, done.metrics["loss_after"].map { Float($0) })
    return (try trained(checkpoint, lineage, in: folder), loss)
  }

  /// Reinforces a checkpoint as `reinforce` does.
  ///
  /// - Parameters:
  ///   - folder: of the request.
  ///   - earlier: the request folder of the round before, whose optimiser goes on; `nil` in a first round.
  /// - Throws: a `ModelError`; `CancellationError`.
  package func reinforce(
    _ checkpoint: ModelCheckpoint, reference: ModelCheckpoint?, on rollouts: [Rollout], options: PolicyGradientOptions,
    lineage: Lineage, in folder: URL, continuing earlier: URL?, progress: (_ step: Int, _ steps: Int) -> Void
  ) throws -> (checkpoint: ModelCheckpoint, report: PolicyGradientReport) {
    try options.validate()
    let context = checkpoint.architecture.context
    let trajectories = rollouts.map { Trajectory($0, context: context).readingThoughts(checkpoint.tokenizer) }
    let learnt = options.algorithm.learnt(trajectories)
    let steps = options.minibatches(learnt.count).map { $0.map { learnt[$0] } }
    var request = try Request(
      method: options.algorithm.name, optimizer: options.optimizer, seed: options.seed, settings: settings,
      context: context,
      start: checkpoint.model(
        training: options.parts, key: MLXRandom.key(options.seed["adapter"].value), recomputesLayers: false),
      of: checkpoint, in: folder)
    switch options.algorithm {
    case .ppo(let ppo): request.options = .ppo(ppo)
    case .grpo(let grpo): request.options = .grpo(grpo)
    }
    request.klCoefficient = options.klCoefficient
    request.importanceCap = options.importanceCap
    if let reference { try request.refer(to: reference, in: folder) }
    request.temperature = options.temperature
    request.tokensPerMicrobatch = options.tokensPerBatch
    request.checkpointing = settings.checkpointing || options.checkpointing
    request.optimizerState = earlier?.appending(path: "output/optimizer.safetensors").path
    try request.write(checkpoint.heads, in: folder)
    let isThought = zip(rollouts, trajectories).map { rollout, trajectory in
      let thoughts = Set(zip(trajectory.actions, trajectory.isThought).filter(\.1).map(\.0))
      return rollout.tokens.indices.map { thoughts.contains($0) }
    }
    let done = try run(request, TorchBatch(rollouts, isThought: isThought, steps: steps), in: folder) {
      step, steps, _ in
      progress(step, steps)
    }
    let report = PolicyGradientReport(
      metrics: done.metrics, klCoefficient: done.klCoefficient ?? options.klCoefficient, steps: done.steps)
    return (try trained(checkpoint, lineage, in: folder), report)
  }

  /// Trains a preference model as the function of this name does. The answers that later scores are normalised against are
  /// scored in this process.
  ///
  /// - Parameter folder: of the request.
  /// - Throws: a `ModelError`; `CancellationError`.
  package func trainPreferenceModel(
    _ base: ModelCheckpoint, on pairs: [PreferencePair], options: PreferenceOptions, lineage: Lineage, in folder: URL,
    progress: (_ step: Int, _ steps: Int) -> Void
  ) throws -> ModelCheckpoint {
    guard !pairs.isEmpty else { throw ModelError("There are no preference pairs to train on; give at least one.") }
    let rows = try pairs.map { try TokenizedPair($0, base) }
    let training = options.training
    var request = try Request(
      method: "preference", optimizer: training.optimizer, seed: training.seed, settings: settings,
      context: base.architecture.context, start: training.model(of: base), of: base, in: folder)
    request.options = .preference(centring: options.centring)
    request.tokensPerMicrobatch = training.microbatchTokens ?? training.tokensPerBatch
    request.checkpointing = settings.checkpointing || training.checkpointing
    try request.write(base.heads, in: folder)
    let batch = try TorchBatch(rows, steps: training.batches(lengths: rows.map(\.length)))
    _ = try run(request, batch, in: folder) { step, steps, _ in progress(step, steps) }
    return try trained(base, lineage, in: folder).normalized(against: Array(pairs.prefix(512)))
  }

  // MARK: Files

  /// What the program says at the end.
  private struct Result: Decodable {
    let metrics: [String: Double]
    let steps: Int
    let klCoefficient: Double?
  }

  private func run(
    _ request: Request, _ batch: TorchBatch, in folder: URL, progress: (Int, Int, [String: Double]) -> Void
  ) throws -> Result {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(request).writeDurably(to: folder.appending(path: "request.json"))
    try batch.encoded().writeDurably(to: folder.appending(path: "batch.safetensors"))
    try TorchProgram(settings: settings).run(folder, progress: progress)
    let file = folder.appending(path: "output/metrics.json")
    do { return try JSONDecoder().decode(Result.self, from: Data(contentsOf: file)) } catch {
      throw ModelError("The trainer's '\(file.path)' cannot be read: \(error)")
    }
  }

  /// The checkpoint that the program's output is.
  private func trained(_ checkpoint: ModelCheckpoint, _ lineage: Lineage, in folder: URL) throws -> ModelCheckpoint {
    guard let base = checkpoint.base else { throw ModelError("The torch program trains adapters only.") }
    let output = folder.appending(path: "output")
    var made = try ModelCheckpoint(
      base: base, lineage: lineage, adapter: Adapter(peft: output.appending(path: "adapter")))
    made.heads = checkpoint.heads
    let heads = output.appending(path: "heads.safetensors")
    if FileManager.default.fileExists(atPath: heads.path) {
      let arrays = try Safetensors(contentsOf: heads).arrays
      for name in [valueHeadName, preferenceHeadName] where arrays.names.contains("\(name).weight") {
        made.heads[name] = ScalarHead(
          weight: try arrays.require("\(name).weight").asArray(Float.self),
          bias: try arrays.require("\(name).bias").asArray(Float.self)[0])
      }
    }
    return made
  }

  private func renamed(_ checkpoint: ModelCheckpoint, _ lineage: Lineage) throws -> ModelCheckpoint {
    var other = checkpoint
    other.lineage = lineage
    return other
  }
}
