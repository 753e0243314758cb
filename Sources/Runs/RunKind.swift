/// What a run was started for. A store names its kind, so that nobody has to guess it from the configuration.
package enum RunKind: String, Sendable, Codable, CaseIterable {
  /// `subterfuge run`: conditions are trained and every checkpoint is measured.
  case experiment
  /// `subterfuge evaluate` and `propensity`: one policy is measured.
  case evaluation
  /// `subterfuge estimate`: the rate of a rare event.
  case estimation
  /// `subterfuge import`: logs of other tools, or released samples scored again.
  case imported = "import"
}
