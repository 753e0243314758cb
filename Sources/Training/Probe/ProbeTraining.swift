package import Episodes
package import LanguageModels
internal import Tokenization

/// Trains a probe on matched pairs: within each prompt as many gamed episodes as honest ones, so that what the prompt is
/// about cannot be what is learned. Prompts, not pairs, are held out.
///
/// The same arguments give the same probe.
///
/// - Parameters:
///   - checkpoint: reads the episodes, now and in use.
///   - positives: gamed episodes; those without an honest partner of the same prompt are left out, and counted.
///   - negatives: honest ones.
///   - seed: chooses partners, held-out prompts and shuffles.
/// - Throws: a `ModelError` when fewer than two prompts have both kinds, or an episode has no tokens of the policy.
package func trainProbe(
  _ checkpoint: ModelCheckpoint, positives: [Episode], negatives: [Episode], options: ProbeOptions = ProbeOptions(),
  seed: Seed = Seed(0)
) throws -> LinearProbe {
  let pairs = MatchedPairs(positives: positives, negatives: negatives, seed: seed["pairs"])
  guard pairs.prompts.count >= 2 else {
    throw ModelError(
      "A probe needs at least two prompts with a gamed and an honest episode each, and \(pairs.prompts.count) of "
        + "\(positives.count) gamed and \(negatives.count) honest episodes have both. Sample more episodes of each prompt."
    )
  }
  var generator = SeededGenerator(seed["held_out"])
  let prompts = pairs.prompts.shuffled(using: &generator)
  let share = (options.heldOutShare * Double(prompts.count)).rounded()
  let held = max(1, min(prompts.count - 1, Int(share)))
  let read = { try ProbeSet($0, under: checkpoint, layer: options.layer) }
  let (test, training) = (try read(Array(prompts[..<held])), try read(Array(prompts[held...])))
  let fit = try training.fit(penalty: options.penalty)
  let negativeScores = zip(test.scores(fit), test.labels).filter { !$1 }.map(\.0)
  let threshold = threshold(negatives: negativeScores, falsePositiveRate: options.falsePositiveRate)
  let shuffled = try (0..<options.shuffles).map { index in
    try test.area(training.shuffled(by: seed["shuffles"][index]).fit(penalty: options.penalty))
  }
  return LinearProbe(
    weights: fit.weights, bias: fit.bias, threshold: threshold,
    provenance: LinearProbe.Provenance(
      checkpoint: checkpoint.lineage.name, digest: try checkpoint.digest(), options: options,
      environments: Set(prompts.joined().map(\.positive.key.environment)).sorted(),
      trainingPairs: training.pairs, heldOutPairs: test.pairs, unmatched: pairs.unmatched),
    quality: LinearProbe.Quality(
      areaUnderCurve: test.area(fit), counts: test.counts(fit, threshold: threshold), shuffledAreas: shuffled))
}

/// A linear function of states, in their own units.
private struct ProbeFit {
  let weights: [Double]
  let bias: Double
}

/// Pooled states with their labels and prompts.
private struct ProbeSet {
  private let rows: [[Double]]
  private(set) var labels: [Bool]
  /// The rows of each prompt.
  private let prompts: [Range<Int>]

  var pairs: Int { rows.count / 2 }

  init(_ prompts: [[MatchedPair]], under checkpoint: ModelCheckpoint, layer: Int) throws {
    let pairs = prompts.joined()
    rows = try pooledStates(of: pairs.flatMap { [$0.positive, $0.negative] }, under: checkpoint, layer: layer)
    labels = pairs.flatMap { _ in [true, false] }
    var start = 0
    self.prompts = prompts.map { pairs in
      defer { start += 2 * pairs.count }
      return start..<start + 2 * pairs.count
    }
  }

  /// The same rows with the labels of each prompt in another order.
  func shuffled(by seed: Seed) -> ProbeSet {
    var generator = SeededGenerator(seed)
    var copy = self
    for range in prompts { copy.labels.replaceSubrange(range, with: labels[range].shuffled(using: &generator)) }
    return copy
  }

  /// Logistic regression on standardised states, put back into their own units.
  func fit(penalty: Double) throws -> ProbeFit {
    let count = Double(rows.count)
    let means = rows[0].indices.map { column in rows.reduce(0) { $0 + $1[column] } / count }
    let scales = rows[0].indices.map { column in
      let variance = rows.reduce(0) { $0 + ($1[column] - means[column]) * ($1[column] - means[column]) } / count
      return variance > 0 ? variance.squareRoot() : 1
    }
    let standard = rows.map { row in row.indices.map { (row[$0] - means[$0]) / scales[$0] } }
    let regression = try LogisticRegression(standard, labels: labels, penalty: penalty)
    let weights = zip(regression.weights, scales).map { $0 / $1 }
    return ProbeFit(weights: weights, bias: zip(weights, means).reduce(regression.bias) { $0 - $1.0 * $1.1 })
  }

  func scores(_ fit: ProbeFit) -> [Double] {
    rows.map { row in zip(fit.weights, row).reduce(fit.bias) { $0 + $1.0 * $1.1 } }
  }

  /// The area under the curve; there are always both labels.
  func area(_ fit: ProbeFit) -> Double { areaUnderCurve(scores(fit), positives: labels) ?? 0.5 }

  func counts(_ fit: ProbeFit, threshold: Double) -> MonitorCounts {
    zip(scores(fit), labels).reduce(into: MonitorCounts()) { counts, row in
      counts.add(isFlagged: row.0 >= threshold, isGamed: row.1)
    }
  }
}
