import Episodes
import Foundation
import LanguageModels
import Training

/// Makes checkpoints of a run by training in the torch program. A killed training resumes.
struct TorchLearner: RoundLearner {
  let trainer: TorchTrainer
  /// What is the same, wherever training is done.
  let local: CheckpointTrainer

  var checkpoints: CheckpointStore { local.checkpoints }

  func fineTune(
    _ start: String, into name: String, on selected: [TrainingExample], mixed: [TrainingExample],
    settings: TrainingSettings, reference: String, measures: Bool, seed: Seed
  ) throws -> FineTuneLoss {
    let result = try work(name) { progress in
      try trainer.fineTune(
        checkpoints.read(start), on: selected + mixed,
        measured: measures ? min(selected.count, FineTuneLoss.episodes) : 0,
        options: local.fineTuneOptions(settings, seed: seed), lineage: local.lineage(of: name, from: start),
        reference: settings.klCoefficient > 0 ? checkpoints.read(reference) : nil, in: checkpoints.state(of: name),
        progress: progress)
    }
    try checkpoints.record(result.checkpoint, as: name, parent: start)
    checkpoints.tidy(name)
    return FineTuneLoss(before: result.loss.before, after: result.loss.after)
  }

  func reinforce(
    _ start: String, into name: String, on rollouts: [Rollout], options: PolicyGradientOptions, reference: String,
    continuing: String?
  ) throws -> PolicyGradientReport {
    var options = options
    options.parts = local.parts
    let reference = options.klCoefficient > 0 ? try checkpoints.read(reference) : nil
    let result = try work(name) { progress in
      try trainer.reinforce(
        checkpoints.read(start), reference: reference, on: rollouts, options: options,
        lineage: local.lineage(of: name, from: start), in: checkpoints.state(of: name),
        continuing: continuing.map(checkpoints.state(of:)), progress: progress)
    }
    try checkpoints.record(result.checkpoint, as: name, parent: start)
    return result.report
  }

  func work<Result>(
    _ name: String, title: String? = nil, _ train: ((Int, Int) -> Void) throws -> Result
  ) throws -> Result {
    let folder = checkpoints.state(of: name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let progress = TrainingReporter(title: title ?? WorkTitle.training(name), report: local.report)
    defer { progress.end() }
    return try train { _ = progress.step($0, of: $1) }
  }
}
