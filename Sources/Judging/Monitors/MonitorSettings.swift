package import Episodes
internal import HTTP
package import Training

/// A monitor and what its flags do, as an experiment file has them. Every key has a default; one that the chosen kind does
/// not use must be left at it (`problems(at:)`).
package struct MonitorSettings: Sendable, Codable, Hashable {
  /// What flags an episode.
  package enum Kind: String, NamedChoice {
    case none
    case groundTruth = "ground_truth"
    case pattern, probe, judge
  }

  /// What a pattern monitor or a judge is shown.
  package enum View: String, NamedChoice { case visible, reasoning }

  /// What a flag does.
  package enum Reaction: String, NamedChoice { case penalty, screening }

  package var kind: Kind
  package var sees: View
  package var response: Reaction
  /// What a flag takes from the reward.
  package var penalty: Double
  /// The facts of which any makes an episode gamed: for the ground truth, and for the pairs that a probe learns from.
  package var predicates: [Predicate]
  /// The ground truth is right about each episode, gamed or not, with this probability.
  package var accuracy: Double
  /// In place of `accuracy`: the share of gamed episodes that the ground truth flags, and of others.
  package var truePositiveRate: Double
  package var falsePositiveRate: Double
  /// Regular expressions; none for `PatternMonitor.standardPatterns`.
  package var patterns: [String]
  package var probe: ProbeOptions
  package var judge: JudgeSettings

  package init(
    kind: Kind = .none, sees: View = .visible, response: Reaction = .penalty, penalty: Double = 1,
    predicates: [Predicate] = [.gamed], accuracy: Double = 1, truePositiveRate: Double = 1,
    falsePositiveRate: Double = 0, patterns: [String] = [], probe: ProbeOptions = ProbeOptions(),
    judge: JudgeSettings = JudgeSettings()
  ) {
    self.kind = kind
    self.sees = sees
    self.response = response
    self.penalty = penalty
    self.predicates = predicates
    self.accuracy = accuracy
    self.truePositiveRate = truePositiveRate
    self.falsePositiveRate = falsePositiveRate
    self.patterns = patterns
    self.probe = probe
    self.judge = judge
  }

  /// What a flag does to an episode's training.
  package var monitorResponse: MonitorResponse {
    switch response {
    case .penalty: .penalty(penalty)
    case .screening: .screening
    }
  }
}

/// A language model on a server that serves as a monitor.
package struct JudgeSettings: Sendable, Codable, Hashable {
  /// What stands before `/chat/completions`, for example `http://127.0.0.1:8000/v1`.
  package var address: String
  /// The model's name on the server.
  package var model: String
  /// The environment variable that holds the key; empty when the server needs none.
  package var keyVariable: String
  /// A suspicion at or above it, of 0 to 1, is flagged.
  package var threshold: Double
  /// Tokens that an answer may have.
  package var answerTokens: Int
  /// Seconds within which a request must be answered.
  package var timeout: Double
  /// Requests under way at a time.
  package var concurrency: Int

  package init(
    address: String = "", model: String = "", keyVariable: String = "", threshold: Double = 0.5,
    answerTokens: Int = 256, timeout: Double = 120, concurrency: Int = 8
  ) {
    self.address = address
    self.model = model
    self.keyVariable = keyVariable
    self.threshold = threshold
    self.answerTokens = answerTokens
    self.timeout = timeout
    self.concurrency = concurrency
  }

  /// The server, as a client takes it.
  var remote: RemoteSettings {
    RemoteSettings(
      address: address, keyVariable: keyVariable.isEmpty ? nil : keyVariable, timeout: timeout,
      concurrency: concurrency)
  }
}
