import Experiments
import Foundation
import Interop
import Storage

/// What a run was started with, by the kind of the run.
enum RunConfiguration {
  case experiment(Experiment)
  case evaluation(StandaloneEvaluation)
  case estimation(RareEventEstimation)
  case imported(ImportedRun)

  /// The configuration that a store keeps.
  ///
  /// - Throws: a store error, or an `ExperimentError` when the configuration is of no kind that this version knows.
  init(of store: RunStore) throws {
    let run = try store.run()
    let configuration = Data(run.configuration.utf8)
    func decoded<Value: Decodable>(_ type: Value.Type) -> Value? {
      try? JSONDecoder().decode(type, from: configuration)
    }
    if let imported = decoded(ImportedRun.self) {
      self = .imported(imported)
    } else if let experiment = decoded(Experiment.self) {
      self = .experiment(experiment)
    } else if let estimation = decoded(RareEventEstimation.self) {
      self = .estimation(estimation)
    } else if let evaluation = decoded(StandaloneEvaluation.self) {
      self = .evaluation(evaluation)
    } else {
      throw ExperimentError(
        "The configuration of the run '\(run.name)' is of no kind that this version knows. Open it with the version that "
          + "made it: \(run.codeRevision).")
    }
  }

  /// The kind of the run, in one word.
  var kind: String {
    switch self {
    case .experiment: "experiment"
    case .evaluation: "evaluation"
    case .estimation: "estimation"
    case .imported: "import"
    }
  }

  /// The policy that played the run's episodes, and how; `nil` for an import.
  var sampled: (policy: String, sampling: Sampling)? {
    switch self {
    case .experiment(let experiment): (experiment.policy, experiment.sampling)
    case .evaluation(let evaluation): (evaluation.policy, evaluation.sampling)
    case .estimation(let estimation): (estimation.policy, estimation.sampling)
    case .imported: nil
    }
  }
}
