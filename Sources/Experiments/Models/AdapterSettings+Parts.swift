import LanguageModels

extension AdapterSettings {
  /// What training changes.
  var parts: TrainableParts {
    rank > 0 ? .adapter(LoRAConfiguration(rank: rank, alpha: Float(alpha))) : .all
  }
}
