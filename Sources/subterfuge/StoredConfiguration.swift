import Experiments
import Interop
import Runs
import Storage

/// What a run was started with, by the kind of the run.
enum StoredConfiguration {
  case experiment(Experiment)
  case evaluation(StandaloneEvaluation)
  case estimation(RareEventEstimation)
  case imported(ImportedRun)

  /// The configuration that a store keeps.
  ///
  /// - Throws: `StoreError`.
  init(of store: RunStore) throws {
    self =
      switch try store.run().kind {
      case .experiment: .experiment(try store.configuration())
      case .evaluation: .evaluation(try store.configuration())
      case .estimation: .estimation(try store.configuration())
      case .imported: .imported(try store.configuration())
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

  /// The configuration, whatever its kind.
  var run: any ReportableRun {
    switch self {
    case .experiment(let run): run
    case .evaluation(let run): run
    case .estimation(let run): run
    case .imported(let run): run
    }
  }
}

extension RunStore {
  /// What the run consists of.
  func outline() throws -> RunOutline {
    try StoredConfiguration(of: self).run.outline(checkpoints: checkpoints().map(\.name))
  }
}
