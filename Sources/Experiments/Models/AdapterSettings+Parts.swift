import LanguageModels

extension AdapterSettings {
  /// What training changes.
  var parts: TrainableParts {
    rank > 0 ? .adapter(LoRAConfiguration(rank: rank, alpha: Float(alpha))) : .all
  }

  /// Throws an `ExperimentError` when a policy cannot be trained like this, so that it is said before any work.
  func check(_ policy: ModelCheckpoint) throws {
    if case .seedling = policy.architecture, rank > 0 {
      throw ExperimentError(
        "adapter.rank is \(rank), but a seedling is trained whole. Set it to 0, or give --policy a pretrained model.")
    }
    if let adapter = policy.adapter, adapter.rank != rank || adapter.alpha != Float(alpha) {
      throw ExperimentError(
        "The policy '\(policy.lineage.name)' has an adapter of rank \(adapter.rank) and alpha \(adapter.alpha). Set "
          + "adapter.rank and adapter.alpha to these.")
    }
  }
}
