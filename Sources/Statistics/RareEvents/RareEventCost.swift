/// What an estimate of a rare event cost, against plain episodes that would give the same relative error.
package struct RareEventCost: Sendable, Codable, Hashable {
  /// The relative variance of the estimate times the tokens spent: tokens per unit of squared relative error.
  package var tokensPerUnit: Double
  /// The same of plain episodes: (1 - p) / p times the tokens of one.
  package var plainTokensPerUnit: Double
  /// How many plain episodes give this relative error.
  package var plainEpisodes: Double

  /// How many times fewer tokens were needed than by plain episodes.
  package var timesCheaper: Double { plainTokensPerUnit / tokensPerUnit }
}
