import Episodes
import HTTP
import Foundation
import Judging
package import LanguageModels
import Runs
import Storage
import Training

// The run's preference model is one of its checkpoints, so that it is kept, digested and traced like the others.
extension CheckpointStore {
  /// The run's preference model.
  func preferenceModel() throws -> ModelCheckpoint { try read(Self.preference) }

  /// Copies a preference model that was trained before into the run's folder, once.
  func installPreferenceModel(_ name: String) throws {
    if try store.checkpoint(Self.preference) != nil { return }
    try record(try catalogue.preferenceModel(named: name), as: Self.preference, parent: nil)
  }
}

extension CheckpointTrainer {
  func trainPreferenceModel(on pairs: [PreferencePair], settings: PreferenceSettings, seed: Seed) throws {
    let name = CheckpointStore.preference
    if try checkpoints.store.checkpoint(name) != nil { return }
    let (base, parent) = try preferenceBase(settings)
    let progress = TrainingReporter(title: WorkTitle.preferenceModel, report: report)
    let trained = try Training.trainPreferenceModel(
      base, on: pairs, options: preferenceOptions(settings, base, seed: seed),
      lineage: try lineage(of: name, from: parent), state: StateFile(checkpoints.state(of: name))
    ) { progress.step($0.step, of: $0.steps) }
    progress.end()
    try checkpoints.record(trained, as: name, parent: parent)
    checkpoints.tidy(name)
  }

  /// The model that becomes the preference model, and its name where it is a checkpoint of the run.
  func preferenceBase(_ settings: PreferenceSettings) throws -> (base: ModelCheckpoint, parent: String?) {
    guard settings.model == "policy" else {
      return (try checkpoints.catalogue.checkpoint(named: settings.model), nil)
    }
    return (try checkpoints.read(CheckpointStore.start), CheckpointStore.start)
  }

  func preferenceOptions(_ settings: PreferenceSettings, _ base: ModelCheckpoint, seed: Seed) -> PreferenceOptions {
    var options = PreferenceOptions.seedling(seed: seed)
    options.training.epochs = settings.epochs
    options.training.learningRate = Float(settings.learningRate)
    options.training.tokensPerBatch = settings.tokensPerBatch
    if base.base != nil { options.training.parts = parts.isWhole ? .adapter(LoRAConfiguration()) : parts }
    return options
  }
}

extension TorchLearner {
  /// A preference model of the policy is trained by the torch program; any other in this process.
  func trainPreferenceModel(on pairs: [PreferencePair], settings: PreferenceSettings, seed: Seed) throws {
    let name = CheckpointStore.preference
    guard settings.model == "policy" else {
      return try local.trainPreferenceModel(on: pairs, settings: settings, seed: seed)
    }
    if try checkpoints.store.checkpoint(name) != nil { return }
    let (base, parent) = try local.preferenceBase(settings)
    let trained = try work(name, title: WorkTitle.preferenceModel) { progress in
      try trainer.trainPreferenceModel(
        base, on: pairs, options: local.preferenceOptions(settings, base, seed: seed),
        lineage: local.lineage(of: name, from: parent), in: checkpoints.state(of: name), progress: progress)
    }
    try checkpoints.record(trained, as: name, parent: parent)
    checkpoints.tidy(name)
  }
}

extension TrainableParts {
  /// Whether training changes every weight.
  fileprivate var isWhole: Bool { if case .all = self { true } else { false } }
}

extension ModelCatalogue {
  /// A preference model by name or path.
  ///
  /// - Throws: an error when there is no such model, or it has no head that scores preferences.
  package func preferenceModel(named name: String) throws -> ModelCheckpoint {
    let checkpoint = try checkpoint(named: name)
    guard checkpoint.heads[preferenceHeadName] != nil else {
      throw ExperimentError(
        "'\(name)' is not a preference model. Make one with: subterfuge models train-preference --output FILE")
    }
    return checkpoint
  }
}

extension PreferenceSettings {
  /// Checks, before any work, that the model and the pairs that these settings name exist.
  ///
  /// - Throws: `ExperimentError`, or the error of the file.
  func check(_ catalogue: ModelCatalogue) throws {
    switch source {
    case .judge, .endpoint: try remote.validate()
    case .model: _ = try catalogue.preferenceModel(named: model)
    case .trained where model != "policy": _ = try catalogue.checkpoint(named: model)
    case .trained: break
    }
    if source == .trained, !pairs.isEmpty { _ = try PreferenceFile(contentsOf: URL(fileURLWithPath: pairs)) }
  }
}
