package import Episodes
package import LanguageModels
internal import Tokenization

/// Trains a probe on matched pairs: within each prompt as many gamed episodes as honest ones, so that what the prompt is
/// about cannot be what is learned. Prompts, not pairs, are held out. The area under the curve is measured on held-out
/// pairs; the threshold, for which many honest episodes are needed, on all episodes of prompts that were not trained on.
///
/// The same arguments give the same probe.
///
/// - Parameters:
///   - checkpoint: reads the episodes, now and in use.
///   - positives: gamed episodes; those without an honest partner of the same prompt are not learned from.
///   - negatives: honest ones, likewise.
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
  let split = PromptSplit(pairs.prompts, heldOutShare: options.heldOutShare, seed: seed["held_out"])
  let training = try ProbeSet(split.training, under: checkpoint, layer: options.layer)
  let heldOut = try ProbeSet(split.heldOut, under: checkpoint, layer: options.layer)
  let fit = try training.fit(penalty: options.penalty)
  let shuffled = try (0..<options.shuffles).map { index in
    try heldOut.area(training.shuffled(by: seed["shuffles"][index]).fit(penalty: options.penalty))
  }
  let fresh = { try fit.scores(pooledStates(of: split.untrained($0), under: checkpoint, layer: options.layer)) }
  let (gamed, honest) = (try fresh(positives), try fresh(negatives))
  let threshold = threshold(negatives: honest, falsePositiveRate: options.falsePositiveRate)
  return LinearProbe(
    weights: fit.weights, bias: fit.bias, threshold: threshold,
    provenance: LinearProbe.Provenance(
      checkpoint: checkpoint.lineage.name, digest: try checkpoint.digest(), options: options,
      environments: Set(pairs.prompts.joined().map(\.positive.key.environment)).sorted(),
      trainingPairs: training.pairs, heldOutPairs: heldOut.pairs, unmatched: pairs.unmatched),
    quality: LinearProbe.Quality(
      areaUnderCurve: heldOut.area(fit), counts: MonitorCounts(gamed: gamed, honest: honest, threshold: threshold),
      shuffledAreas: shuffled))
}

/// Which prompts are trained on.
private struct PromptSplit {
  let training: [[MatchedPair]]
  let heldOut: [[MatchedPair]]

  /// An even choice by `seed`, with at least one prompt on either side.
  init(_ prompts: [[MatchedPair]], heldOutShare: Double, seed: Seed) {
    var generator = SeededGenerator(seed)
    let order = prompts.shuffled(using: &generator)
    let held = max(1, min(order.count - 1, Int((heldOutShare * Double(order.count)).rounded())))
    heldOut = Array(order[..<held])
    training = Array(order[held...])
  }

  /// The episodes of prompts that are not trained on, with a partner or without.
  func untrained(_ episodes: [Episode]) -> [Episode] {
    let trained = Set(training.joined().map { PromptKey($0.positive.key) })
    return episodes.filter { !trained.contains(PromptKey($0.key)) }
  }
}

/// A linear function of states, in their own units.
private struct ProbeFit {
  let weights: [Double]
  let bias: Double

  func scores(_ rows: [[Double]]) -> [Double] {
    rows.map { row in zip(weights, row).reduce(bias) { $0 + $1.0 * $1.1 } }
  }
}

extension MonitorCounts {
  /// The flags on scores at or above a threshold.
  fileprivate init(gamed: [Double], honest: [Double], threshold: Double) {
    self.init()
    for score in gamed { add(isFlagged: score >= threshold, isGamed: true) }
    for score in honest { add(isFlagged: score >= threshold, isGamed: false) }
  }
}

/// Pooled states with their labels and prompts.
private struct ProbeSet {
  private let rows: [[Double]]
  private var labels: [Bool]
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

  /// The area under the curve; there are always both labels.
  func area(_ fit: ProbeFit) -> Double { areaUnderCurve(fit.scores(rows), positives: labels) ?? 0.5 }
}
