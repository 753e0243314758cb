package import LanguageModels

/// How well a preference model orders pairs that it was not trained on.
package struct PreferenceEvaluation: Sendable, Codable, Hashable {
  /// Counts of pairs; the accuracy is `correct` of `total`, a tie being no success.
  package struct Counts: Sendable, Codable, Hashable {
    /// The chosen answer has the higher score.
    package var correct = 0
    /// Both have the same score.
    package var ties = 0
    package var total = 0

    fileprivate mutating func add(lead: Double) {
      total += 1
      if lead > 0 { correct += 1 } else if lead == 0 { ties += 1 }
    }
  }

  /// The pairs for which the model is about equally sure of its own choice.
  package struct Bin: Sendable, Codable, Hashable {
    package var count: Int
    /// The mean probability that the model gives to the answer it prefers, 0.5 to 1.
    package var predicted: Double
    /// The share of pairs in which that answer was the chosen one; a tie counts as half.
    package var observed: Double
  }

  package private(set) var overall = Counts()
  /// By `PreferencePair.kind`; pairs without one are left out.
  package private(set) var kinds: [String: Counts] = [:]
  /// By the probability that the model gives to its own choice: five bins from 0.5 to 1, empty ones left out.
  package private(set) var calibration: [Bin] = []
  /// The mean of |predicted - observed| over the pairs of the bins (expected calibration error).
  package private(set) var calibrationError = 0.0
  /// The mean of -log P(chosen preferred), in nats; log 2 = 0.693 for a model that cannot tell.
  package private(set) var logLoss = 0.0

  /// From the raw scores of pairs. A margin is for training and has no part in this.
  package init(_ pairs: [(chosen: Double, rejected: Double, kind: String?)]) {
    let leads = pairs.map { $0.chosen - $0.rejected }
    for (lead, pair) in zip(leads, pairs) {
      overall.add(lead: lead)
      if let kind = pair.kind { kinds[kind, default: Counts()].add(lead: lead) }
    }
    guard !pairs.isEmpty else { return }
    calibration = Self.bins(leads)
    let distance = calibration.reduce(0) { $0 + Double($1.count) * abs($1.predicted - $1.observed) }
    calibrationError = distance / Double(pairs.count)
    logLoss = leads.reduce(0) { $0 + BradleyTerry.loss(lead: $1) } / Double(pairs.count)
  }

  private static let binCount = 5

  private static func bins(_ leads: [Double]) -> [Bin] {
    var bins = [(count: Int, predicted: Double, observed: Double)](repeating: (0, 0, 0), count: binCount)
    for lead in leads {
      let certainty = BradleyTerry.probability(lead: abs(lead))
      let index = min(binCount - 1, Int((certainty - 0.5) * 2 * Double(binCount)))
      bins[index].count += 1
      bins[index].predicted += certainty
      bins[index].observed += lead > 0 ? 1 : lead == 0 ? 0.5 : 0
    }
    return bins.filter { $0.count > 0 }.map { bin in
      Bin(
        count: bin.count, predicted: bin.predicted / Double(bin.count), observed: bin.observed / Double(bin.count))
    }
  }
}

extension ModelCheckpoint {
  /// How this preference model orders pairs.
  ///
  /// - Throws: a `ModelError` when there is no head `preference`, or a score is not finite.
  package func evaluatePreferences(on pairs: [PreferencePair]) throws -> PreferenceEvaluation {
    let scores = try rawPreferenceScores(pairs.flatMap { [($0.prompt, $0.chosen), ($0.prompt, $0.rejected)] })
    return PreferenceEvaluation(
      pairs.indices.map { (scores[2 * $0], scores[2 * $0 + 1], pairs[$0].kind) })
  }
}
