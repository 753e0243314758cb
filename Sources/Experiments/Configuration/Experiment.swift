package import Environments
package import Episodes
package import Runs

/// A whole experiment as one value: the policy, the training data, the training settings and the measurements.
///
/// Recipes are YAML files that decode into `Experiment`. Every field has a default, so a file may omit any field. The
/// run stores the resolved value and resumes only under an equal value (design decision 9).
package struct Experiment: RunConfiguration, Hashable {
  package static let kind = RunKind.experiment
  package static let version = 5
  package static let changeable: Set = ["engine"]

  package var name: String
  package var summary: String
  /// The policy: `seedling`, the name of a fetched model, or the path of a checkpoint, a GGUF file or a Hugging Face
  /// folder.
  package var policy: String
  /// The root seed, from which every seed in the run derives.
  package var seed: UInt64
  /// The number of sequences that each condition trains from the same start, each with its own seed; paper: five.
  package var replicates: Int
  package var warmStart: WarmStart
  package var adapter: AdapterSettings
  package var preferenceModel: PreferenceSettings
  /// The conditions in training order. A condition follows the condition that it starts from.
  package var conditions: [Condition]
  package var probe: HonestProbe
  package var evaluation: Evaluation
  package var gate: Gate
  package var sampling: Sampling
  /// The reader of what only an answer's words can show: `rules`, `seedling`, the name of a fetched model or a path.
  ///
  /// `nil` in runs from before the setting existed, which used different rules.
  package var reader: String?
  /// The servers that sample and the program that trains, if not this process.
  package var engine: EngineSettings
  /// The environments that the experiment names, with the digests of their files; `nil` before they were opened. A run
  /// resumes only on the same files.
  package var environments: [EnvironmentDescriptor]?

  package init(
    name: String, summary: String = "", policy: String = "seedling", seed: UInt64 = 1, replicates: Int = 1,
    warmStart: WarmStart = WarmStart(), adapter: AdapterSettings = AdapterSettings(),
    preferenceModel: PreferenceSettings = PreferenceSettings(), conditions: [Condition] = Condition.usual,
    probe: HonestProbe = HonestProbe(), evaluation: Evaluation = Evaluation(), gate: Gate = Gate(),
    sampling: Sampling = Sampling(), reader: String? = "rules", engine: EngineSettings = EngineSettings()
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
    self.engine = engine
  }

  package var rootSeed: Seed { Seed(seed) }

  /// The environments that any condition trains, in order of first mention.
  package var trainedEnvironments: [String] {
    conditions.flatMap(\.curriculum.environments).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  /// Every environment that checkpoints are measured on: the trained environments, then the held-out ones.
  package var measuredEnvironments: [String] { trainedEnvironments + evaluation.heldOut.names }

  /// Whether any condition's reward includes preference scores.
  package var needsPreferenceScores: Bool { conditions.contains { $0.reward.preferenceWeight != 0 } }
}

extension Experiment {
  /// Settings that later versions added get their defaults.
  package static func upgrade(_ settings: inout SettingsTree, from version: Int) throws {
    let (reader, folders) = (settings[key: "reader"], settings[key: "folders"])
    settings = settings.filled(from: try SettingsTree(Experiment(name: "", conditions: [])))
    // Runs from before the setting existed used other rules than any of today's.
    settings[key: "reader"] = reader
    let condition = try SettingsTree(Condition(name: ""))
    if case .list(let conditions)? = settings[key: "conditions"] {
      settings[key: "conditions"] = .list(conditions.map { $0.filled(from: condition) })
    }
    if version > 1 { return }
    // Only folders were described. The shipped environments are taken to be those of this version.
    (settings[key: "folders"], settings[key: "environments"]) = (nil, folders)
    let experiment: Experiment = try StoredJSON.value(StoredJSON.text(settings))
    settings[key: "environments"] = try SettingsTree(experiment.describedEnvironments())
  }
}
