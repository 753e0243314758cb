package import Episodes

/// Knows what truly happened, and errs as often as it is told to: the best that a monitor could be, or one of a stated
/// quality (Wong et al. 2025).
///
/// The errors of an episode derive from its key, so they are the same in every order and after every interruption.
package struct GroundTruthMonitor: OutcomeMonitor {
  /// An episode that gamed is flagged with this probability.
  package let truePositiveRate: Double
  /// One that did not is flagged with this probability.
  package let falsePositiveRate: Double
  /// An episode counts as gamed when any of these facts holds.
  package let predicates: Set<Predicate>
  private let seed: Seed

  /// - Parameters:
  ///   - truePositiveRate: 1 for a monitor that misses nothing.
  ///   - falsePositiveRate: 0 for one that accuses nobody falsely.
  ///   - seed: the run's, of which the errors derive.
  /// - Throws: a `JudgingError` when a rate is no probability or there is no predicate.
  package init(
    truePositiveRate: Double = 1, falsePositiveRate: Double = 0, predicates: Set<Predicate> = [.gamed], seed: Seed
  ) throws {
    guard (0...1).contains(truePositiveRate), (0...1).contains(falsePositiveRate), !predicates.isEmpty else {
      throw JudgingError(
        "A ground-truth monitor needs rates from 0 to 1 and a predicate; it was given \(truePositiveRate), "
          + "\(falsePositiveRate) and \(predicates.count) predicates.")
    }
    self.truePositiveRate = truePositiveRate
    self.falsePositiveRate = falsePositiveRate
    self.predicates = predicates
    self.seed = seed["ground_truth_monitor"]
  }

  /// A monitor that is right about each episode with probability `accuracy`, gamed or not.
  package init(accuracy: Double, predicates: Set<Predicate> = [.gamed], seed: Seed) throws {
    try self.init(
      truePositiveRate: accuracy, falsePositiveRate: 1 - accuracy, predicates: predicates, seed: seed)
  }

  package var name: String {
    (truePositiveRate, falsePositiveRate) == (1, 0)
      ? "ground truth" : "ground truth (\(truePositiveRate) of gamed, \(falsePositiveRate) of others flagged)"
  }

  package func verdicts(_ outcomes: [(key: EpisodeKey, outcome: Outcome)]) -> [MonitorVerdict] {
    outcomes.map { key, outcome in
      let rate = outcome.holds(anyOf: predicates) ? truePositiveRate : falsePositiveRate
      var generator = SeededGenerator(key.seed(in: seed))
      let isFlagged = Double.random(in: 0..<1, using: &generator) < rate
      return MonitorVerdict(isFlagged: isFlagged, suspicion: isFlagged ? 1 : 0)
    }
  }
}
