package import Episodes
internal import Foundation

extension Monitor {
  /// The monitor that settings ask for; `nil` when they ask for none.
  ///
  /// - Parameters:
  ///   - seed: the run's, of which the errors of a degraded ground truth derive.
  ///   - probe: needed by the kind `probe`, because it must have been trained.
  ///   - environment: where a judge's key is looked up.
  /// - Throws: a `JudgingError` that says what cannot be.
  package init?(
    _ settings: MonitorSettings, seed: Seed, probe: ProbeMonitor? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    let problems = settings.problems()
    guard problems.isEmpty else { throw JudgingError(problems.joined(separator: "\n")) }
    switch settings.kind {
    case .none: return nil
    case .groundTruth: self = .outcome(try GroundTruthMonitor(settings, seed: seed))
    case .pattern where settings.sees == .reasoning: self = .reasoning(try ReasoningPatternMonitor(settings.patterns))
    case .pattern:
      let patterns = settings.patterns.isEmpty ? PatternMonitor.standardPatterns : settings.patterns
      self = .visible(try PatternMonitor(patterns))
    case .probe:
      guard let probe else { throw JudgingError("A probe monitor needs a trained probe; none was given.") }
      self = .reasoning(probe)
    case .judge:
      let judge = settings.judge
      let client = try JudgeClient(
        judge.remote, model: judge.model, answerTokens: judge.answerTokens, environment: environment)
      self =
        settings.sees == .reasoning
        ? .reasoning(ReasoningJudgeMonitor(client, threshold: judge.threshold))
        : .visible(JudgeMonitor(client, threshold: judge.threshold))
    }
  }
}

extension GroundTruthMonitor {
  fileprivate init(_ settings: MonitorSettings, seed: Seed) throws {
    let predicates = Set(settings.predicates)
    if settings.accuracy < 1 {
      try self.init(accuracy: settings.accuracy, predicates: predicates, seed: seed)
    } else {
      try self.init(
        truePositiveRate: settings.truePositiveRate, falsePositiveRate: settings.falsePositiveRate,
        predicates: predicates, seed: seed)
    }
  }
}
