/// What an estimate of a rare event cost, against plain episodes that would give the same relative error.
package struct RareEventCost: Sendable, Codable, Hashable {
  /// The relative variance of the estimate times the tokens spent: tokens per unit of squared relative error. It does not
  /// depend on how long the run was.
  package var tokensPerUnit: Double
  /// The same of plain episodes: (1 - p) / p times the tokens of one.
  package var plainTokensPerUnit: Double
  /// How many plain episodes give this relative error: (1 - p) / p over the relative variance.
  package var plainEpisodes: Double

  /// How many times fewer tokens were needed than by plain episodes.
  package var timesCheaper: Double { plainTokensPerUnit / tokensPerUnit }

  /// The same where pilots wrote tokens beside those of the estimate.
  package func counting(pilotTokens: Int, beside tokens: Int) -> RareEventCost {
    var cost = self
    cost.tokensPerUnit *= Double(tokens + pilotTokens) / Double(tokens)
    return cost
  }

  /// `nil` where the relative variance says nothing: it is zero.
  init?(rate: Double, relativeVariance: Double, tokens: Int, plainTokens: Double) {
    guard relativeVariance > 0, rate > 0, rate < 1, tokens > 0 else { return nil }
    let odds = (1 - rate) / rate
    tokensPerUnit = relativeVariance * Double(tokens)
    plainTokensPerUnit = odds * plainTokens
    plainEpisodes = odds / relativeVariance
  }
}
