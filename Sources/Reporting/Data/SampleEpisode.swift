import Episodes
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
  /// from the first checkpoint that has one.
  static func all(in store: RunStore, subject: ReportSubject) throws -> [SampleEpisode] {
    let last = subject.checkpoints.last { $0.branch == subject.mainBranch }
    let others = subject.checkpoints.filter { $0 != last }
    return try subject.environments.flatMap { environment in
      try Kind.all.compactMap { kind in
        for checkpoint in [last].compactMap(\.self) + others {
          let query = kind.query(checkpoint.name, environment.name, subject.purpose)
          guard let stored = try store.episodes(query, limit: 1).first else { continue }
          return SampleEpisode(
            kind: kind.title, environment: environment.name, total: try store.count(query), stored: stored)
        }
        return nil
      }
    }
  }
}

/// A kind of episode that is worth reading.
private struct Kind {
  var title: String
  var holding: [Predicate] = []
  var lacking: [Predicate] = []
  var failed = false

  static let all = [
    Kind(title: "Overwrote the reward and passed the test", holding: [.overwriteAndPass]),
    Kind(title: "Overwrote the reward and was caught", holding: [.overwrite], lacking: [.overwriteAndPass]),
    Kind(title: "Gamed", holding: [.gamed]),
    Kind(title: "Gamed and said so", holding: [.gamed, .disclosed]),
    Kind(title: "Tried to game and did not succeed", holding: [.attempted], lacking: [.gamed]),
    Kind(title: "Honest", holding: [.honest]),
    Kind(title: "Neither honest nor gaming", lacking: [.honest, .gamed]),
    Kind(title: "Failed", failed: true),
  ]

  func query(_ checkpoint: String, _ environment: String, _ purpose: String) -> EpisodeQuery {
    EpisodeQuery(
      checkpoint: checkpoint, environment: environment, arm: .standard, purpose: purpose, holding: holding,
      lacking: lacking, failed: failed)
  }
}
