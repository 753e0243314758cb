import Episodes
import Foundation
import Runs
package import SeedlingCorpus
import Storage
package import Training

extension Step<PreferenceEvaluation> {
  /// How the preference model did on pairs that it has not seen.
  fileprivate static let preferenceEvaluation = Step("preference/evaluation")
}

/// Makes the run's preference model, where it trains one, and measures it on pairs that it has not seen.
struct PreferencePreparation: Sendable {
  let context: RunContext

  private var settings: PreferenceSettings { context.experiment.preferenceModel }

  func run() async throws {
    switch settings.source {
    case .judge, .endpoint: return
    case .model: try context.checkpoints.installPreferenceModel(settings.model)
    case .trained:
      try context.learner.trainPreferenceModel(
        on: try pairs().training, settings: settings, seed: context.root["preference"])
    }
    let evaluation = try await context.step(.preferenceEvaluation) {
      try context.checkpoints.preferenceModel().evaluatePreferences(on: try pairs().test)
    }
    let counts = evaluation.overall
    let tally = Tally(events: counts.correct, completed: counts.total, attempted: counts.total)
    try context.store.record(
      GateResult(
        name: "prefers the better of two answers, on pairs kept from training", environment: "preference model",
        arm: .standard, predicate: "preferred", target: "", measured: tally, met: nil))
  }

  /// Pairs to learn from and pairs to measure with: of a file the last ones.
  private func pairs() throws -> (training: [PreferencePair], test: [PreferencePair]) {
    guard !settings.pairs.isEmpty else { return generatedPairs() }
    let pairs = try PreferenceFile(contentsOf: URL(fileURLWithPath: settings.pairs)).pairs
    guard pairs.count > settings.testPairs else {
      throw ExperimentError(
        "\(settings.pairs) holds \(pairs.count) pairs, and preferenceModel.testPairs keeps \(settings.testPairs) of them "
          + "from training: nothing is left to learn from.")
    }
    return (Array(pairs.dropLast(settings.testPairs).prefix(settings.trainingPairs)), pairs.suffix(settings.testPairs))
  }

  private func generatedPairs() -> (training: [PreferencePair], test: [PreferencePair]) {
    let corpus = PreferenceCorpus(seed: context.root["preference pairs"])
    func pairs(_ range: Range<Int>, _ count: Int) -> [PreferencePair] {
      (0..<count).map { PreferencePair(corpus.pair(at: range.lowerBound + $0)) }
    }
    return (
      pairs(PreferenceCorpus.training, settings.trainingPairs), pairs(PreferenceCorpus.heldOut, settings.testPairs)
    )
  }
}

extension PreferencePair {
  /// A generated pair.
  package init(_ document: PreferenceDocument) {
    self.init(
      prompt: document.prompt, chosen: document.chosenText, rejected: document.rejectedText,
      kind: document.fault.rawValue)
  }
}
