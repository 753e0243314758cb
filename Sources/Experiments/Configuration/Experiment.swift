/// A whole experiment as one value: what is trained, on what, how, and what is measured.
///
/// Recipes are YAML files that decode into this type; every field has a default that the file may leave out. The resolved
/// value is stored with the run, and a run is resumed only under an equal one (design decision 9).
package struct Experiment: Sendable, Codable, Hashable {
  package var name: String
  package var summary: String
  /// `seedling`, the name of a fetched model, or the path of a checkpoint, a GGUF file or a Hugging Face folder.
  package var policy: String
  /// The root of every seed in the run.
  package var seed: UInt64
  package var warmStart: WarmStart
  package var adapter: AdapterSettings
  package var curriculum: Curriculum
  package var training: ExpertIteration
  package var evaluation: Evaluation
  package var gate: Gate
  package var sampling: Sampling

  package init(
    name: String, summary: String = "", policy: String = "seedling", seed: UInt64 = 1,
    warmStart: WarmStart = WarmStart(), adapter: AdapterSettings = AdapterSettings(),
    curriculum: Curriculum = Curriculum(), training: ExpertIteration = ExpertIteration(),
    evaluation: Evaluation = Evaluation(), gate: Gate = Gate(), sampling: Sampling = Sampling()
  ) {
    self.name = name
    self.summary = summary
    self.policy = policy
    self.seed = seed
    self.warmStart = warmStart
    self.adapter = adapter
    self.curriculum = curriculum
    self.training = training
    self.evaluation = evaluation
    self.gate = gate
    self.sampling = sampling
  }
}
