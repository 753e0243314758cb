import Experiments
import Foundation
import Runs
import Storage

/// What `run --dry-run` prints: the work that an experiment asks for, and its cost where a run of the same policy tells.
struct DryRun: Encodable {
  /// The cost of the episodes, from an earlier run.
  struct Measured: Encodable {
    /// The run that was measured.
    var run: String
    var cost: EpisodeCost
    /// Bytes of the store for each episode.
    var bytesPerEpisode: Double
    /// Bytes of each checkpoint file; `nil` when the run has none.
    var bytesPerCheckpoint: Double?
    /// Hours of playing all episodes.
    var hours: Double
    /// Tokens that the policy would write.
    var tokens: Double
    /// Hours of training; `nil` when no round of the run tells its speed.
    var trainingHours: Double?
    /// Bytes on disk of all episodes and checkpoints.
    var bytes: Double
  }

  private let name: String
  private let policy: String
  private let forecast: RunForecast
  private let measured: Measured?

  /// - Parameter options: the folder with the runs that may have been measured.
  init(_ experiment: Experiment, _ forecast: RunForecast, in options: RunOptions) {
    (name, policy, self.forecast) = (experiment.name, experiment.policy, forecast)
    let root = URL(fileURLWithPath: options.runs)
    let folders = (try? FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)) ?? []
    let found = folders.compactMap { Measured($0, experiment, forecast) }
    // The run with the most episodes tells best.
    measured = found.max { $0.cost.episodes < $1.cost.episodes }
  }

  func show(json: Bool) throws {
    if json { return try Console.json(self) }
    let episodes = forecast.episodes
    let counts = [
      ("evaluation", episodes.evaluation), ("training", episodes.training), ("gate", episodes.gate),
      ("probe", episodes.probe), ("arms", episodes.arms), ("all episodes", episodes.total),
    ]
    let scored = forecast.scoredPrompts > 0 ? [("scored prompts", forecast.scoredPrompts)] : []
    let others = [
      ("training rounds", forecast.rounds), ("checkpoint files", forecast.checkpoints),
      ("steps", forecast.steps.count),
    ]
    Console.print("Run '\(name)' would have at most:")
    for (name, count) in counts + scored + others {
      let number = PlanText.grouped(count)
      Console.print("  \(name.padded(17)) \(String(repeating: " ", count: max(0, 11 - number.count)))\(number)")
    }
    Console.print(costs)
  }

  private var costs: String {
    guard let measured else {
      return "Disk and time are unknown: no finished episodes of the policy '\(policy)' are in the folder of runs."
    }
    let checkpoints =
      measured.bytesPerCheckpoint.map { "\(PlanText.number($0 / 1e6)) MB a checkpoint" } ?? "checkpoints not included"
    let training =
      measured.trainingHours.map { "training: \(PlanText.time(hours: $0))" }
      ?? "training: unknown, no round tells its speed"
    return """
      Disk: \(PlanText.number(measured.bytes / 1e6)) MB. Tokens: \(PlanText.grouped(Int(measured.tokens))). Time of \
      playing: \(PlanText.time(hours: measured.hours)); \(training).
      Measured on \(PlanText.grouped(measured.cost.episodes)) episodes of the run '\(measured.run)': \
      \(PlanText.number(measured.cost.seconds)) s and \(PlanText.number(measured.bytesPerEpisode / 1e3)) kB an episode, \
      \(checkpoints).
      """
  }
}

extension DryRun.Measured {
  /// `nil` when the folder holds no run of the experiment's policy, or one without episodes.
  fileprivate init?(_ folder: URL, _ experiment: Experiment, _ forecast: RunForecast) {
    guard let store = try? RunStore(reading: folder),
      let (policy, sampling) = (try? StoredConfiguration(of: store))?.sampled, policy == experiment.policy,
      sampling.promptStyle == experiment.sampling.promptStyle,
      let cost = (try? store.episodeCost()) ?? nil, let episodes = try? store.count(EpisodeQuery())
    else { return nil }
    let checkpoints = Self.sizes(of: RunFolder(folder).checkpoints)
    run = folder.lastPathComponent
    self.cost = cost
    bytesPerEpisode = Double(Self.sizes(of: folder).reduce(0, +)) / Double(max(1, episodes))
    bytesPerCheckpoint =
      checkpoints.isEmpty ? nil : Double(checkpoints.reduce(0, +)) / Double(checkpoints.count)
    let total = Double(forecast.episodes.total)
    // An episode's seconds were those beside so many others.
    hours = cost.seconds * total / Double(max(1, sampling.concurrency)) / 3_600
    tokens = cost.policyTokens * total
    let speeds = ((try? store.metrics()) ?? []).filter { $0.name == RunForecast.learningSpeed }.map(\.value).sorted()
    trainingHours = speeds.isEmpty ? nil : Double(forecast.learnt) / speeds[speeds.count / 2] / 3_600
    bytes = bytesPerEpisode * total + (bytesPerCheckpoint ?? 0) * Double(forecast.checkpoints)
  }

  /// The sizes of the files directly in a folder.
  private static func sizes(of folder: URL) -> [Int] {
    let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.fileSizeKey])
    return (files ?? []).compactMap { try? $0.resourceValues(forKeys: [.fileSizeKey]).fileSize }
  }
}
