import Foundation
import Runs
import Storage
import Telemetry

/// The numbers of training as they come: to the store, and from there to `telemetry/metrics.jsonl` and TensorBoard's files.
struct RunTelemetry: Sendable {
  private let store: RunStore
  private let writers: TelemetryWriters

  /// The files are written anew from what the store knows, so that no step stands in them twice.
  init(folder: RunFolder, store: RunStore) throws {
    self.store = store
    let earlier = try Self.steps(store.metrics())
    writers = TelemetryWriters([
      try JSONLinesWriter(file: folder.telemetry.appending(path: "metrics.jsonl"), earlier: earlier),
      try TensorBoardWriter(folder: folder.telemetry, earlier: earlier),
    ])
  }

  /// Adds a finished round, once.
  func add(_ round: RoundSummary, step: Int) throws {
    let isNew = try !store.metrics(branch: round.branch).contains { $0.step == step }
    try store.record(round.metrics, branch: round.branch, step: step)
    if isNew { try writers.write(run: round.branch.name, step: step, values: round.metrics) }
  }

  private static func steps(_ points: [MetricPoint]) -> [TelemetryStep] {
    struct Place: Hashable {
      let branch: Branch
      let step: Int
    }
    return Dictionary(grouping: points) { Place(branch: $0.branch, step: $0.step) }
      .sorted { ($0.key.branch.name, $0.key.step) < ($1.key.branch.name, $1.key.step) }
      .map { place, points in
        TelemetryStep(
          run: place.branch.name, step: place.step,
          values: Dictionary(uniqueKeysWithValues: points.map { ($0.name, $0.value) }),
          time: points.map(\.time).max() ?? Date())
      }
  }
}
