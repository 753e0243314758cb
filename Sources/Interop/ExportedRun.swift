package import Episodes
package import Runs
package import Storage

/// What every exported episode says of its run.
package struct ExportedRun: Sendable, Hashable {
  package var name: String
  package var kind: RunKind
  package var rootSeed: Seed
  /// The SHA-256 digest of the run's configuration.
  package var configurationHash: String
  /// What wrote the run, with its commit.
  package var codeRevision: String
  /// When the run was started and finished, as ISO 8601 in UTC; `finished` is `nil` while there is work left.
  package var started: String
  package var finished: String?
  /// The SHA-256 digests of the checkpoints' weights, by the checkpoints' names.
  package var digests: [String: String]
  /// The version of the program that exports.
  package var programVersion: String

  /// - Throws: `StoreError`.
  package init(_ store: RunStore, programVersion: String) throws {
    let run = try store.run()
    name = run.name
    kind = run.kind
    rootSeed = run.rootSeed
    configurationHash = run.configurationHash
    codeRevision = run.codeRevision
    started = try store.started()
    finished = try store.finished()
    digests = Dictionary(
      uniqueKeysWithValues: try store.checkpoints().compactMap { record in record.digest.map { (record.name, $0) } })
    self.programVersion = programVersion
  }
}

/// An episode with what is said of it.
package struct ExportedEpisode: Sendable, Hashable {
  package var id: Int
  package var episode: Episode
  package var annotations: EpisodeAnnotations

  package var key: EpisodeKey { episode.key }
  package var cell: Cell {
    Cell(checkpoint: key.checkpoint, environment: key.environment, arm: key.arm, purpose: key.purpose)
  }
  /// The facts that apply, sorted by name: the most asked for first.
  package var facts: [(name: String, holds: Bool)] {
    (episode.result.outcome?.facts ?? [:]).map { (name: $0.key, holds: $0.value) }
      .sorted { Self.rank($0.name) < Self.rank($1.name) }
  }

  private static let first: [Predicate] = [.gamed, .overwrite, .overwriteAndPass, .honest, .attempted]

  private static func rank(_ name: String) -> (Int, String) {
    (first.firstIndex { $0.rawValue == name } ?? first.count, name)
  }
}

/// The matching episodes of a run in key order, a few in memory at a time.
package struct EpisodeStream: Sendable {
  /// Episodes that are read together. A transcript can have megabytes.
  private static let batch = 32

  private let store: RunStore
  private let numbers: [Int]

  /// The number of matching episodes.
  package var count: Int { numbers.count }

  /// - Throws: `StoreError`.
  package init(_ store: RunStore, _ query: EpisodeQuery) throws {
    self.store = store
    numbers = try store.episodeNumbers(query, limit: .max)
  }

  /// Calls `body` with every episode.
  ///
  /// - Throws: `StoreError`; `CancellationError` when the task is cancelled; what `body` throws.
  package func forEach(_ body: (ExportedEpisode) throws -> Void) throws {
    for start in stride(from: 0, to: numbers.count, by: Self.batch) {
      try Task.checkCancellation()
      let part = numbers[start..<min(start + Self.batch, numbers.count)]
      let annotations = try store.annotations(numbered: part)
      for stored in try store.episodes(numbered: part) {
        try body(
          ExportedEpisode(
            id: stored.id, episode: stored.episode, annotations: annotations[stored.id] ?? EpisodeAnnotations()))
      }
    }
  }
}
