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
  /// How many roots, or trajectories, had the event; `nil` in results of the first versions.
  package var events: Int?
  /// Counts the pilots.
  package var cost: RareEventCost?
  /// Why there is no estimate; empty where there is one.
  package var refusal: String

  package init(_ estimate: SplittingEstimate, of target: String, pilotTokens: Int) {
    self.init(method: "splitting", target: target, tokens: estimate.tokens, pilotTokens: pilotTokens)
    (rate, interval, relativeError) = (estimate.rate, estimate.interval, estimate.relativeError)
    events = estimate.roots.events
    cost = estimate.cost?.counting(pilotTokens: pilotTokens, beside: estimate.tokens)
  }

  package init(_ estimate: ImportanceEstimate, of target: String, pilotTokens: Int) {
    self.init(method: "importance sampling", target: target, tokens: estimate.tokens, pilotTokens: pilotTokens)
    events = estimate.drawn.events
    switch estimate.verdict {
    case .usable(let value):
      (rate, interval, relativeError) = (value.rate, value.interval, value.relativeError)
      cost = value.cost?.counting(pilotTokens: pilotTokens, beside: estimate.tokens)
    case .degenerate(let reasons): refusal = reasons.joined(separator: "; ")
    }
  }

  private init(method: String, target: String, tokens: Int, pilotTokens: Int) {
    (self.method, self.target, self.tokens, self.pilotTokens, refusal) = (method, target, tokens, pilotTokens, "")
  }

  /// With fewer events a rate is known by its order of magnitude at best, and its relative error by less.
  package static let fewEvents = 5

  /// A warning where the estimate rests on too few events; `nil` where it does not.
  package var warning: String? {
    guard let events, rate != nil, events < Self.fewEvents else { return nil }
    let what = method == "splitting" ? "root" : "trajectory"
    return events == 0
      ? "No \(what) had the event: the interval is a bound, and the rate is not known."
      : "It rests on \(events) \(what)\(events == 1 ? "" : "s") with the event: read the interval, not the rate."
  }

  /// What the names of the steps begin with under which runs keep their results.
  package static let steps = "estimate/"

  /// The step of this result: an estimate that went on is another one.
  package var step: String { "\(Self.steps)\(target)/\(method)/\(tokens)" }
}
