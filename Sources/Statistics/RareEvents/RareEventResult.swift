/// What an estimate of a rare event's rate found and what it cost, as it is kept with its run and reported.
package struct RareEventResult: Sendable, Codable, Hashable {
  /// `splitting` or `importance sampling`.
  package var method: String
  /// What was estimated, for example `seedling on tampering: overwrite`.
  package var target: String
  /// Tokens that the policy wrote, without those of pilots.
  package var tokens: Int
  package var pilotTokens: Int
  /// The estimate with its 95 % interval and its relative error; `nil` where the estimator refused to give one.
  package var rate: Double?
  package var interval: Interval?
  package var relativeError: Double?
  package var cost: RareEventCost?
  /// Why there is no estimate; empty where there is one.
  package var refusal: String

  package init(_ estimate: SplittingEstimate, of target: String, pilotTokens: Int) {
    self.init(method: "splitting", target: target, tokens: estimate.tokens, pilotTokens: pilotTokens)
    (rate, interval, relativeError, cost) = (estimate.rate, estimate.interval, estimate.relativeError, estimate.cost)
  }

  package init(_ estimate: ImportanceEstimate, of target: String, pilotTokens: Int) {
    self.init(method: "importance sampling", target: target, tokens: estimate.tokens, pilotTokens: pilotTokens)
    switch estimate.verdict {
    case .usable(let value):
      (rate, interval, relativeError, cost) = (value.rate, value.interval, value.relativeError, value.cost)
    case .degenerate(let reasons): refusal = reasons.joined(separator: "; ")
    }
  }

  private init(method: String, target: String, tokens: Int, pilotTokens: Int) {
    (self.method, self.target, self.tokens, self.pilotTokens, refusal) = (method, target, tokens, pilotTokens, "")
  }

  /// What the names of the steps begin with under which runs keep their results.
  package static let steps = "estimate/"

  /// The step of this result: an estimate that went on is another one.
  package var step: String { "\(Self.steps)\(target)/\(method)/\(tokens)" }
}
