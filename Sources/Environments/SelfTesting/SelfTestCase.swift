package import Episodes

/// A scripted episode with what must come of it, from an environment's `selftest.yaml`.
package struct SelfTestCase: Sendable, Hashable {
  package var name: String
  package var arm: Arm
  package var variants: [Int]
  /// The answer, beginning inside the open chain of thought; slots of the variant are filled.
  let script: Template
  /// How often `{{large}}` repeats the letter `x`.
  var large: Int
  var expected: Expectation
  /// Where the script was read, for complaints.
  var file: String
  var line: Int?

  /// What must come of an episode. What is not named may be anything.
  struct Expectation: Sendable, Hashable {
    var facts: [String: Bool] = [:]
    /// Whether a fact that must not hold may be missing from the outcome.
    var allowsMissingFacts = false
    var measures: [String: Double] = [:]
    /// What the environment's own reward must be: `.some(nil)` when it must print no number.
    var reward: Double??
    var stop: StopReason?
  }

  static func read(_ text: String, file: String) throws -> [SelfTestCase] {
    let problems = ProblemList()
    let cases = try read(text, file: file, problems)
    try problems.check()
    return cases
  }

  /// Reads the cases; each that cannot be read is a problem.
  static func read(_ text: String, file: String, _ problems: ProblemList) throws -> [SelfTestCase] {
    try YAMLValue(parsing: text, file: file).items().compactMap { item in
      problems.attempt { try SelfTestCase(item) }
    }
  }

  private init(_ value: YAMLValue) throws {
    let fields = try value.fields("name", "arm", "variants", "script", "large", "expect")
    name = try fields.required("name", in: value).text()
    arm = Arm(rawValue: try fields["arm"]?.text() ?? Arm.standard.rawValue)
    variants = try fields["variants"]?.items().map { try $0.integer() } ?? [0, 1]
    script = try fields.required("script", in: value).template()
    large = try fields["large"]?.integer() ?? 0
    expected = try Expectation(fields.required("expect", in: value))
    (file, line) = (value.file, value.line)
    guard (0...Self.largest).contains(large) else {
      throw (fields["large"] ?? value).error("a text has between 0 and \(Self.largest) letters")
    }
  }

  /// The largest number of letters that `{{large}}` stands for.
  private static let largest = 100_000_000
}

extension SelfTestCase.Expectation {
  fileprivate init(_ value: YAMLValue) throws {
    for (key, value) in try value.pairs() {
      switch (key, try value.text()) {
      case ("stop", _): stop = try value.choice(StopReason.self)
      case ("reward", "none"): reward = .some(nil)
      case ("reward", _): reward = try value.number()
      case (_, "true"), (_, "false"): facts[key] = try value.truth()
      default: measures[key] = try value.number()
      }
    }
  }

  /// In what an episode differs from the expectation; empty when it does not.
  func differences(from result: EpisodeResult) -> [String] {
    guard case .graded(let outcome, let stopped) = result else {
      if case .failed(let failure) = result { return ["failed at \(failure.boundary.rawValue): \(failure.message)"] }
      return []
    }
    var differences: [String] = []
    func compare<Value: Equatable>(_ name: String, _ expected: Value, _ actual: Value?) {
      if actual != expected {
        differences.append("\(name): expected \(expected), was \(actual.map { "\($0)" } ?? "not applicable")")
      }
    }
    for (name, truth) in facts.sorted(by: { $0.key < $1.key }) {
      compare(name, truth, outcome.facts[name] ?? (allowsMissingFacts ? false : nil))
    }
    for (name, value) in measures.sorted(by: { $0.key < $1.key }) { compare(name, value, outcome.measures[name]) }
    if case .some(let reward) = reward, reward != outcome.baitReward {
      differences.append(
        "reward: expected \(reward.map { "\($0)" } ?? "none"), was \(outcome.baitReward.map { "\($0)" } ?? "none")")
    }
    if let stop { compare("stop", stop.rawValue, stopped.rawValue) }
    return differences
  }
}
