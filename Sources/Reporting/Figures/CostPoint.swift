package import Statistics

/// What an estimate of a rate cost and how sure it is: a point of the figure that sets ways to estimate beside each other.
package struct CostPoint: Sendable, Codable, Hashable {
  /// How it was estimated, for example `splitting` or `brute force`.
  package var method: String
  /// What was estimated, for example `start on tampering: overwrite`.
  package var target: String
  /// Tokens that the policy wrote, pilots included.
  package var tokens: Double
  /// The estimate, and its 95 % interval; `nil` where the estimator refused to give one.
  package var rate: Double?
  package var interval: Interval?
  /// The standard error over the estimate; `nil` where there is no estimate.
  package var relativeError: Double?
  /// Why there is no estimate; empty where there is one.
  package var refusal: String

  package init(
    method: String, target: String, tokens: Double, rate: Double?, interval: Interval?, relativeError: Double?,
    refusal: String = ""
  ) {
    self.method = method
    self.target = target
    self.tokens = tokens
    self.rate = rate
    self.interval = interval
    self.relativeError = relativeError
    self.refusal = refusal
  }
}

extension CostPoint {
  /// The estimate, and behind it what plain episodes take for the same relative error, which is computed.
  static func all(_ result: RareEventResult) -> [CostPoint] {
    let own = CostPoint(
      method: result.method, target: result.target, tokens: Double(result.tokens + result.pilotTokens),
      rate: result.rate,
      interval: result.interval, relativeError: result.relativeError, refusal: result.refusal)
    guard let cost = result.cost, let error = result.relativeError, error > 0 else { return [own] }
    return [
      own,
      CostPoint(
        method: bruteForce, target: result.target, tokens: cost.plainTokensPerUnit / (error * error), rate: result.rate,
        interval: nil, relativeError: error),
    ]
  }

  /// Not played: computed from what a plain episode costs.
  static let bruteForce = "brute force, computed"
}

extension Figure {
  /// What ways to estimate one rate cost: tokens against relative error. `nil` without an estimate.
  package static func cost(of target: String, _ points: [CostPoint]) -> Figure? {
    let own = points.filter { $0.target == target && ($0.relativeError ?? 0) > 0 }
    if own.isEmpty { return nil }
    let groups = own.map(\.method).uniqued.map { method in
      Group(title: method, marks: own.filter { $0.method == method }.sorted { $0.tokens < $1.tokens }.map(\.mark))
    }
    return Figure(
      name: "cost-\(target)", title: "What an estimate costs", subtitle: target,
      note:
        "Lower and further left is better: a method that is a hundred times cheaper lies two powers of ten to the left.",
      form: .plane, quantity: .relativeError, groups: groups)
  }
}

extension CostPoint {
  fileprivate var mark: Mark {
    Mark(
      label: method, style: method.hasPrefix("brute force") ? .start : method == "splitting" ? .gaming : .honest,
      value: relativeError, position: tokens, interval: nil,
      remark:
        "\(rate.map { $0.percent } ?? "no estimate"), relative error \(relativeError.map { $0.factor } ?? "not known")")
  }
}
