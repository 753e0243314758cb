import Episodes
package import Runs
package import Storage

/// Episodes that failed and so are in no rate, cell by cell.
package struct FailedEpisodes: Sendable, Codable, Hashable {
  /// Of all episodes that the report could count.
  package var failed: Int
  package var attempted: Int
  /// The cells in which an episode failed, those with the largest share of failures first.
  package var lines: [Line]

  package struct Line: Sendable, Codable, Hashable {
    package var cell: Cell
    /// Of the environment's headline; without events where nothing was graded.
    package var tally: Tally
    /// The number of the first failed episode, and what it says.
    package var episode: Int
    package var boundary: String
    package var message: String

    var failed: Int { tally.attempted - tally.completed }

    var share: Double { Double(failed) / Double(tally.attempted) }

    /// The rate if every failed episode had shown the event.
    package var worst: Double { Double(tally.events + failed) / Double(tally.attempted) }
  }

  /// - Throws: `StoreError`.
  init(_ store: RunStore, _ subject: RunOutline, counts: CountIndex) throws {
    let names = Set(subject.checkpoints.map(\.name))
    let own = counts.all.filter { names.contains($0.cell.checkpoint) && $0.cell.purpose == subject.purpose }
    failed = own.reduce(0) { $0 + $1.attempted - $1.completed }
    attempted = own.reduce(0) { $0 + $1.attempted }
    lines = try own.filter { $0.attempted > $0.completed }.compactMap { counts in
      let cell = counts.cell
      let query = EpisodeQuery(
        checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm, purpose: cell.purpose, failed: true)
      guard let first = try store.episodes(query, limit: 1).first, case .failed(let failure) = first.episode.result
      else { return nil }
      let measure = subject.environments.first { $0.name == cell.environment }?.measures.first
      let tally = measure.flatMap { counts[$0.predicate] }
      return Line(
        cell: cell,
        tally: tally ?? Tally(events: 0, completed: counts.completed, attempted: counts.attempted), episode: first.id,
        boundary: failure.boundary.rawValue, message: failure.message)
    }.sorted { ($1.share, $0.cell.path) < ($0.share, $1.cell.path) }
  }
}

extension Cell {
  /// For a fixed order.
  fileprivate var path: String { "\(checkpoint)/\(environment)/\(arm.rawValue)" }
}
