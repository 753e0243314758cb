import Episodes
import Experiments
import Foundation
import SeedlingCorpus
import Statistics
import Training

/// Pairs to train a preference model on, and others to measure it with: of a file, or generated.
enum PreferenceSource {
  case file(PreferenceSplit)
  case generated(PreferenceCorpus)

  init(file: String?, heldOut: Double, seed: Seed) throws {
    guard let file else {
      self = .generated(PreferenceCorpus(seed: seed))
      return
    }
    let contents = try PreferenceFile(contentsOf: URL(fileURLWithPath: file))
    if contents.identical > 0 {
      Console.error("\(file): \(contents.identical) pairs of two equal answers are left out.")
    }
    self = .file(PreferenceSplit(contents.pairs, heldOut: heldOut))
  }

  /// Pairs to train on; of the generated ones, which do not end, `count` or 3,000.
  func training(_ count: Int?) -> [PreferencePair] {
    switch self {
    case .file(let split): split.training
    case .generated(let corpus):
      PreferenceCorpus.training.prefix(count ?? 3_000).map { PreferencePair(corpus.pair(at: $0)) }
    }
  }

  /// Pairs that are kept from training; 1,000 of the generated ones.
  var heldOut: [PreferencePair] {
    switch self {
    case .file(let split): split.heldOut
    case .generated(let corpus): PreferenceCorpus.heldOut.prefix(1_000).map { PreferencePair(corpus.pair(at: $0)) }
    }
  }
}

/// How well a preference model does, with the exact interval of its accuracy.
struct PreferenceSummary: Encodable {
  let accuracy: Double?
  /// Clopper-Pearson, 95 %.
  let interval: Interval
  let evaluation: PreferenceEvaluation

  init(_ evaluation: PreferenceEvaluation) {
    let count = Count(events: evaluation.overall.correct, trials: evaluation.overall.total)
    accuracy = count.rate
    interval = count.clopperPearson()
    self.evaluation = evaluation
  }

  func show(json: Bool) throws {
    if json { try Console.json(self) } else { lines.forEach { Console.print($0) } }
  }

  private var lines: [String] {
    let counts = evaluation.overall
    let kinds = evaluation.kinds.sorted { $0.key < $1.key }.map {
      "  \($0.key.padded(14)) \($0.value.correct) of \($0.value.total)"
    }
    let bins = evaluation.calibration.map { bin in
      "  \(percent(bin.predicted)) sure: right in \(percent(bin.observed)) of \(bin.count)"
    }
    let head =
      "held-out pairs in the right order: \(counts.correct) of \(counts.total), \(percent(accuracy ?? 0)) "
      + "(95 % interval \(percent(interval.lower)) to \(percent(interval.upper)), \(counts.ties) ties)"
    let calibration =
      "calibration error \(percent(evaluation.calibrationError)), log loss "
      + "\(evaluation.logLoss.formatted(.number.precision(.fractionLength(3)))) (0.693: cannot tell)"
    return [head] + kinds + [calibration] + bins
  }

  private func percent(_ share: Double) -> String {
    (100 * share).formatted(.number.precision(.fractionLength(1))) + " %"
  }
}
