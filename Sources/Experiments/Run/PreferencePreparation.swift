import Episodes
import Foundation
import SeedlingCorpus
import Storage
import Training

/// Makes the run's preference model, where it trains one, and measures it on pairs that it has not seen.
struct PreferencePreparation: Sendable {
  let context: RunContext

  private var settings: PreferenceSettings { context.experiment.preferenceModel }

  func run() async throws {
    switch settings.source {
    case .judge, .endpoint: return
    case .model: try context.checkpoints.installPreferenceModel(settings.model)
    case .trained:
      let (training, _) = try pairs()
      try context.checkpoints.trainPreferenceModel(
        on: training, settings: settings, seed: context.root["preference"], report: context.report)
    }
    let (_, test) = try pairs()
    let evaluation = try await context.step("preference/evaluation") {
      try context.checkpoints.preferenceModel().evaluatePreferences(on: test)
    }
    let counts = evaluation.overall
    let tally = Tally(events: counts.correct, completed: counts.total, attempted: counts.total)
    try context.store.record(
      GateResult(
        name: "prefers the better of two answers, on pairs kept from training", environment: "preference model",
        arm: .standard, predicate: "preferred", target: "", measured: tally, met: nil))
  }

  /// Pairs to learn from and pairs to measure with.
  private func pairs() throws -> (training: [PreferencePair], test: [PreferencePair]) {
    guard settings.pairs.isEmpty else {
      let pairs = try PreferenceFile(contentsOf: URL(fileURLWithPath: settings.pairs)).pairs
      guard pairs.count > settings.testPairs else {
        throw ExperimentError(
          "\(settings.pairs) holds \(pairs.count) pairs, and preferenceModel.testPairs keeps \(settings.testPairs) of them "
            + "from training: nothing is left to learn from.")
      }
      return (
        Array(pairs.dropLast(settings.testPairs).prefix(settings.trainingPairs)), pairs.suffix(settings.testPairs)
      )
    }
    throw ExperimentError("generated pairs: to come")
  }
}
