import Episodes

/// The titles of a run's pieces of work in progress events. `RunForecast` gives each its place by the same title.
enum WorkTitle {
  /// - Parameter kind: what is measured beside the standard arm, for example another arm; empty: the standard arm.
  static func evaluation(of checkpoint: String, on environment: String, _ kind: String = "") -> String {
    "\(checkpoint): evaluate \(environment)" + (kind.isEmpty ? "" : ", \(kind)")
  }

  static func propensity(of checkpoint: String, on environment: String) -> String {
    "\(checkpoint): propensity in \(environment)"
  }

  /// Several attempts in one context, and files that last: kinds of `evaluation`.
  static let (inContext, persistence) = ("in context", "persistence")

  static func beforeWarmStart(_ environment: String) -> String { "before the warm start: \(environment)" }

  static func ownEpisodes(batch: Int) -> String { "warm start: own episodes, batch \(batch + 1)" }

  static func gate(_ environment: String, _ arm: Arm) -> String { "gate: \(environment), \(arm.rawValue)" }

  static func probe(of checkpoint: String) -> String { "\(checkpoint): honest completion" }

  /// - Parameter stage: the stage name including the branch.
  static func sampling(_ stage: String, round: Int, on environment: String) -> String {
    "\(stage) round \(round): sample \(environment)"
  }

  static let preferenceModel = "train the preference model"

  static func training(_ checkpoint: String) -> String { "train \(checkpoint)" }
}
