import Episodes
import Runs
package import Storage

/// A transcript shown in the report: the first by key of its kind, never a chosen one.
package struct SampleEpisode: Sendable, Codable, Hashable {
  /// What the episode is an example of, for example `Gamed`.
  package var kind: String
  package var environment: String
  /// How many episodes of this kind the checkpoint has.
  package var total: Int
  package var stored: StoredEpisode

  /// One episode of each kind that occurs in each environment: from the last checkpoint of the first curriculum, or else
  /// from the first checkpoint that has one. Behind them, one that gamed and one that did not of each other arm.
  static func all(in store: RunStore, subject: RunOutline, counts: CountIndex) throws -> [SampleEpisode] {
    let last = subject.checkpoints.last { $0.branch == subject.mainBranch }
    let checkpoints = ([last].compactMap(\.self) + subject.checkpoints.filter { $0 != last }).map(\.name)
    let finder = SampleFinder(store: store, counts: counts, checkpoints: checkpoints, purpose: subject.purpose)
    return try subject.environments.flatMap { environment in
      try finder.samples(of: environment.name)
    }
  }
}

/// Finds the first episode of a kind.
private struct SampleFinder {
  let store: RunStore
  let counts: CountIndex
  /// In the order in which they are searched.
  let checkpoints: [String]
  let purpose: String

  func samples(of environment: String) throws -> [SampleEpisode] {
    let arms = Set(counts.cells.filter { $0.environment == environment && $0.purpose == purpose }.map(\.arm))
      .subtracting([.standard]).sorted { $0.rawValue < $1.rawValue }
    let standard = try SampleKind.all.compactMap { try sample($0, .standard, environment) }
    return try standard
      + arms.flatMap { arm in try SampleKind.ofOtherArms.compactMap { try sample($0, arm, environment) } }
  }

  private func sample(_ kind: SampleKind, _ arm: Arm, _ environment: String) throws -> SampleEpisode? {
    for checkpoint in checkpoints {
      let cell = Cell(checkpoint: checkpoint, environment: environment, arm: arm, purpose: purpose)
      let total =
        kind.failed
        ? counts.failures(checkpoint, environment, arm: arm, purpose: purpose)
        : counts.episodes(in: cell, holding: kind.holding, lacking: kind.lacking)
      let query = EpisodeQuery(
        checkpoint: checkpoint, environment: environment, arm: arm, purpose: purpose, holding: kind.holding,
        lacking: kind.lacking, failed: kind.failed)
      guard total > 0, let stored = try store.episodes(query, limit: 1).first else { continue }
      let title = arm == .standard ? kind.title : "\(kind.title), arm \(arm.rawValue)"
      return SampleEpisode(kind: title, environment: environment, total: total, stored: stored)
    }
    return nil
  }
}

/// A kind of episode that is worth reading.
private struct SampleKind {
  var title: String
  var holding: [Predicate] = []
  var lacking: [Predicate] = []
  var failed = false

  static let all = [
    SampleKind(title: "Overwrote the reward and passed the test", holding: [.overwriteAndPass]),
    SampleKind(title: "Overwrote the reward and was caught", holding: [.overwrite], lacking: [.overwriteAndPass]),
    SampleKind(title: "Gamed", holding: [.gamed]),
    SampleKind(title: "Gamed and said so", holding: [.gamed, .disclosed]),
    SampleKind(title: "Tried to game and did not succeed", holding: [.attempted], lacking: [.gamed]),
    SampleKind(title: "Honest", holding: [.honest]),
    SampleKind(title: "Neither honest nor gaming", lacking: [.honest, .gamed]),
    SampleKind(title: "Failed", failed: true),
  ]

  static let ofOtherArms = [
    SampleKind(title: "Gamed", holding: [.gamed]), SampleKind(title: "Did not game", lacking: [.gamed]),
  ]
}
