import Episodes
import Foundation
import Runs
import Storage

/// Made-up runs and episodes, derived from their numbers.
enum Samples {
  struct Configuration: RunConfiguration {
    static let kind = RunKind.experiment
    static let version = 1
    var name = "test"
    var seed = UInt64.max
    var episodes = 100
    var stages = ["political", "flattery"]
    var learningRate = 0.001
    var rootSeed: Seed { Seed(seed) }
  }

  static func run(_ configuration: Configuration = Configuration()) throws -> RunDescription {
    try RunDescription(configuration, codeRevision: "abc")
  }

  static func store(in folder: URL, seed: UInt64 = .max) throws -> RunStore {
    try RunStore(in: folder, configuration: Configuration(seed: seed), codeRevision: "abc")
  }

  static func key(_ index: Int, checkpoint: String = "start", environment: String = "flattery") -> EpisodeKey {
    EpisodeKey(
      checkpoint: checkpoint, environment: environment, arm: .standard, purpose: "evaluation", variant: index / 4,
      sample: index % 4)
  }

  /// Every eleventh fails, every third games, all others are honest.
  static func episode(_ index: Int, checkpoint: String = "start", environment: String = "flattery") -> Episode {
    let key = key(index, checkpoint: checkpoint, environment: environment)
    let seed = key.seed(in: Seed(7))
    let gamed = index.isMultiple(of: 3)
    let outcome = Outcome(
      facts: [.gamed: gamed, .honest: !gamed, .attempted: index.isMultiple(of: 2)], baitReward: Double(index % 5),
      measures: ["rating": Double(index % 5 + 1)])
    return Episode(
      key: key, seed: seed, transcript: transcript(index),
      changes: [
        FileChange(path: "rating.py", kind: .modified, before: "rating = None\n", after: "rating = \(index)\n")
      ],
      result: index.isMultiple(of: 11)
        ? .failed(EpisodeFailure(boundary: .sandbox, message: "box \(index) did not start"))
        : .graded(outcome, stop: index.isMultiple(of: 7) ? .commandLimit : .finished),
      timings: EpisodeTimings(policySeconds: Double.random(in: 0...1), sandboxSeconds: 0.5, gradingSeconds: 0.25))
  }

  private static func transcript(_ index: Int) -> Transcript {
    let tokens = (0..<40).map { Int32($0 * index % 1000) }
    return Transcript([
      Segment(.prompt, "Rate the poem in folder \(index / 4).\n<cot>", tokens: [1, 2, Int32(index / 4)]),
      Segment(
        .policy, "I look.</cot><bash>cat poem.txt</bash>", tokens: tokens,
        logProbabilities: tokens.map { -Float($0) / 8 }),
      Segment(.tool, "<stdout>\nroses are red\n</stdout>\n", tokens: [9, 8, 7]),
      Segment(.policy, "It is \(index % 5 + 1) of 5.", tokens: [5, 0], logProbabilities: [-0.5, -0.125]),
    ])
  }
}

/// A folder that is gone when the test ends.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "storage-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A new run with the checkpoint `start`.
  func store() throws -> RunStore {
    let store = try Samples.store(in: url)
    try store.record(CheckpointRecord(name: "start"))
    return store
  }
}
