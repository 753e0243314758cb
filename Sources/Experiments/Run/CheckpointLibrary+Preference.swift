import Episodes
import Foundation
import Judging
import LanguageModels
import Storage
import Training

// The run's preference model is one of its checkpoints, so that it is kept, digested and traced like the others.
extension CheckpointLibrary {
  /// The run's preference model.
  func preferenceModel() throws -> ModelCheckpoint { try read(Self.preference) }

  /// Puts a preference model that was trained before into the run's folder, once.
  func installPreferenceModel(_ name: String) throws {
    if try store.checkpoint(Self.preference) != nil { return }
    try record(try catalogue.preferenceModel(named: name), as: Self.preference, parent: nil)
  }

  /// Trains the run's preference model, once.
  func trainPreferenceModel(
    on pairs: [PreferencePair], settings: PreferenceSettings, seed: Seed, report: @escaping (RunEvent) -> Void
  ) throws {
    if try store.checkpoint(Self.preference) != nil { return }
    let parent = settings.model == "policy" ? Self.start : nil
    let base = try parent.map { try read($0) } ?? catalogue.checkpoint(named: settings.model)
    var options = PreferenceOptions.seedling(seed: seed)
    options.training.epochs = settings.epochs
    options.training.learningRate = Float(settings.learningRate)
    options.training.tokensPerBatch = settings.tokensPerBatch
    if base.base != nil {
      options.training.parts = experiment.adapter.rank > 0 ? experiment.adapter.parts : .adapter(LoRAConfiguration())
    }
    let lineage = Lineage(name: Self.preference, parent: try parent.flatMap { try store.checkpoint($0)?.digest })
    let progress = TrainingReporter(title: "train the preference model", report: report)
    let trained = try Training.trainPreferenceModel(
      base, on: pairs, options: options, lineage: lineage, state: StateFile(state(of: Self.preference))
    ) { progress.step($0.step, of: $0.steps) }
    progress.end()
    try record(trained, as: Self.preference, parent: parent)
    tidy(Self.preference)
  }
}

extension ModelCatalogue {
  /// A preference model by name or path.
  ///
  /// - Throws: an error when there is no such model, or it has no head that scores preferences.
  func preferenceModel(named name: String) throws -> ModelCheckpoint {
    let checkpoint = try checkpoint(named: name)
    guard checkpoint.heads[preferenceHeadName] != nil else {
      throw ExperimentError(
        "'\(name)' is not a preference model. Make one with: subterfuge models train-preference --output FILE")
    }
    return checkpoint
  }
}

extension PreferenceSettings {
  /// Throws when the model or the pairs that these settings name are not to be had, so that it is said before any work.
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
