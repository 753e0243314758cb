internal import Episodes
internal import HTTP
internal import Training

extension MonitorSettings {
  /// What is wrong with them, a sentence each; none when they can be used. Nothing is asked over the network.
  ///
  /// - Parameter path: where they stand in the file.
  package func problems(at path: String = "interventions.monitor") -> [String] {
    idle.map { key in
      kind == .none
        ? "\(path).\(key) is set, but there is no monitor: set \(path).kind, or remove the key."
        : "\(path).\(key) is not for a monitor of the kind '\(kind.rawValue)': take it away."
    } + contradictions.map { "\(path).\($0)" } + rules.filter { !$0.holds }.map { "\(path).\($0.message)" }
      + (kind == .probe ? probe.problems(at: path + ".probe") : []) + patternProblems(path) + judgeProblems(path)
  }

  /// The keys that differ from their defaults although this kind does not use them.
  private var idle: [String] {
    let standard = MonitorSettings()
    let all = Set(Kind.allCases).subtracting([.none])
    let keys: [(name: String, isSet: Bool, users: Set<Kind>)] = [
      ("sees", sees != standard.sees, [.pattern, .judge]),
      ("response", response != standard.response, all),
      ("penalty", penalty != standard.penalty, all),
      ("predicates", predicates != standard.predicates, [.groundTruth, .probe]),
      ("accuracy", accuracy != standard.accuracy, [.groundTruth]),
      ("truePositiveRate", truePositiveRate != standard.truePositiveRate, [.groundTruth]),
      ("falsePositiveRate", falsePositiveRate != standard.falsePositiveRate, [.groundTruth]),
      ("patterns", patterns != standard.patterns, [.pattern]),
      ("probe", probe != standard.probe, [.probe]),
      ("judge", judge != standard.judge, [.judge]),
    ]
    return keys.filter { $0.isSet && !$0.users.contains(kind) }.map(\.name)
  }

  private var contradictions: [String] {
    var found: [String] = []
    if kind != .none, response == .screening, penalty != 1 {
      found.append("penalty has no meaning with response: screening; take one of them away.")
    }
    if kind == .groundTruth, accuracy != 1, (truePositiveRate, falsePositiveRate) != (1, 0) {
      found.append("accuracy sets both rates; take it away, or truePositiveRate and falsePositiveRate.")
    }
    if kind == .pattern, sees == .reasoning, patterns.isEmpty {
      found.append("patterns is empty: the standard patterns are for visible commands; give some for the reasoning.")
    }
    return found
  }

  private var rules: [(holds: Bool, message: String)] {
    [
      (penalty > 0 && penalty.isFinite, "penalty must be above 0."),
      (!predicates.isEmpty, "predicates must name at least one fact."),
      ((0...1).contains(accuracy), "accuracy must lie between 0 and 1."),
      ((0...1).contains(truePositiveRate), "truePositiveRate must lie between 0 and 1."),
      ((0...1).contains(falsePositiveRate), "falsePositiveRate must lie between 0 and 1."),
    ]
  }

  private func patternProblems(_ path: String) -> [String] {
    guard kind == .pattern else { return [] }
    return patterns.compactMap { pattern in
      do {
        _ = try PatternSet([pattern])
        return nil
      } catch {
        return "\(path).patterns: \(error)"
      }
    }
  }

  private func judgeProblems(_ path: String) -> [String] {
    guard kind == .judge else { return [] }
    guard !judge.address.isEmpty, !judge.model.isEmpty else {
      return ["\(path).judge needs the address of a server and the model's name there."]
    }
    do { try judge.remote.validate() } catch { return ["\(path).judge: \(error)"] }
    let rules = [
      ((0...1).contains(judge.threshold), "threshold must lie between 0 and 1."),
      ((1...100_000).contains(judge.answerTokens), "answerTokens must lie between 1 and 100,000."),
    ]
    return rules.filter { !$0.0 }.map { "\(path).judge.\($0.1)" }
  }
}
