package import Environments

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
  /// Sequences that each condition trains from the same start, with seeds of their own; paper: five.
  package var replicates: Int
  package var warmStart: WarmStart
  package var adapter: AdapterSettings
  package var preferenceModel: PreferenceSettings
  /// In the order of training; a condition comes after the one that it starts from.
  package var conditions: [Condition]
  package var probe: HonestProbe
  package var evaluation: Evaluation
  package var gate: Gate
  package var sampling: Sampling
  /// Who reads what only the words of an answer can tell: `rules`, `seedling`, the name of a fetched model or a path. Runs
  /// from before there was a choice have none: their rules were others.
  package var reader: String?
  /// The environments that the experiment names by the path of their folder; a run that names none has none.
  package var folders: [EnvironmentDescriptor]?

  package init(
    name: String, summary: String = "", policy: String = "seedling", seed: UInt64 = 1, replicates: Int = 1,
    warmStart: WarmStart = WarmStart(), adapter: AdapterSettings = AdapterSettings(),
    preferenceModel: PreferenceSettings = PreferenceSettings(), conditions: [Condition] = Condition.usual,
    probe: HonestProbe = HonestProbe(), evaluation: Evaluation = Evaluation(), gate: Gate = Gate(),
    sampling: Sampling = Sampling(), reader: String? = "rules"
  ) {
    self.name = name
    self.summary = summary
    self.policy = policy
    self.seed = seed
    self.replicates = replicates
    self.warmStart = warmStart
    self.adapter = adapter
    self.preferenceModel = preferenceModel
    self.conditions = conditions
    self.probe = probe
    self.evaluation = evaluation
    self.gate = gate
    self.sampling = sampling
    self.reader = reader
  }

  /// The environments that any condition trains, in the order of their first mention.
  package var trainedEnvironments: [String] {
    conditions.flatMap(\.curriculum.environments).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  /// Every environment that checkpoints are measured on: those that are trained, then the held-out one.
  package var measuredEnvironments: [String] { trainedEnvironments + [evaluation.heldOut] }

  /// Whether preference scores are part of any reward.
  package var needsPreferenceScores: Bool { conditions.contains { $0.reward.preferenceWeight != 0 } }
}
