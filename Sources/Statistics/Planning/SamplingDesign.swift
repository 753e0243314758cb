import RealModule

/// How the episodes of an experiment hang together: several samples of one prompt, several training seeds.
package struct SamplingDesign: Sendable, Codable, Hashable {
  /// How many samples are drawn of each prompt.
  package var samplesPerPrompt: Int
  /// The correlation of two samples of one prompt, from 0 to 1.
  package var correlation: Double
  /// How many training seeds there are.
  package var seeds: Int
  /// The standard deviation of the seeds' log odds, as `BetweenSeeds.spread`.
  package var spread: Double

  /// Independent episodes by default.
  ///
  /// - Throws: `PlanningError` for numbers outside of their range.
  package init(
    samplesPerPrompt: Int = 1, correlation: Double = 0, seeds: Int = 1, spread: Double = 0
  ) throws(PlanningError) {
    try PlanningError.check(samplesPerPrompt >= 1, "Samples per prompt must be 1 or more, not \(samplesPerPrompt).")
    try PlanningError.check(
      (0...1).contains(correlation), "The correlation within prompts must be from 0 to 1, not \(correlation).")
    try PlanningError.check(seeds >= 1, "There must be 1 seed or more, not \(seeds).")
    try PlanningError.check(
      spread >= 0 && spread <= 5, "The spread between seeds, in log odds, must be from 0 to 5, not \(spread).")
    (self.samplesPerPrompt, self.correlation, self.seeds, self.spread) = (samplesPerPrompt, correlation, seeds, spread)
  }

  /// By how much more episodes are needed than if samples of one prompt were independent.
  package var designEffect: Double { 1 + Double(samplesPerPrompt - 1) * correlation }

  /// Rounds a number of episodes up to whole prompts, equally many for each seed.
  func plan(episodes: Double, chance: Double) throws(PlanningError) -> PlannedEpisodes {
    let prompts = (episodes / Double(samplesPerPrompt) / Double(seeds) - 1e-9).rounded(.up)
    try PlanningError.check(
      prompts * Double(samplesPerPrompt) * Double(seeds) < Double(Search.limit),
      "That needs more than 10^15 episodes; plan for a larger rate or difference.")
    return PlannedEpisodes(
      episodes: Int(prompts) * samplesPerPrompt * seeds, prompts: Int(prompts), seeds: seeds, chance: chance)
  }
}

/// How many episodes a plan needs.
package struct PlannedEpisodes: Sendable, Codable, Hashable {
  /// In all; of each arm where two are compared.
  package var episodes: Int
  /// Of each seed.
  package var prompts: Int
  package var seeds: Int
  /// The chance that the plan succeeds with so many; at least the one asked for.
  package var chance: Double
}

/// A plan that cannot be made.
package struct PlanningError: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }

  static func check(_ condition: Bool, _ description: @autoclosure () -> String) throws(PlanningError) {
    if !condition { throw PlanningError(description()) }
  }

  static func checkRate(_ rate: Double, _ name: String = "The rate") throws(PlanningError) {
    try check(rate > 0 && rate < 1, "\(name) must lie between 0 and 1, not \(rate).")
  }

  static func checkChance(_ chance: Double, _ name: String = "The chance") throws(PlanningError) {
    try check(chance > 0 && chance < 1, "\(name) must lie between 0 and 1, not \(chance).")
  }
}
