import Episodes
import Runs
import Storage

/// The episodes behind one number of the report.
package struct Evidence: Sendable, Codable, Hashable {
  /// How many episodes are named at most; the command in the report lists all.
  static let limit = 40

  package var episodes: EpisodeSet
  package var total: Int
  /// The cells that have such episodes.
  package var parts: [Part]

  package struct Part: Sendable, Codable, Hashable {
    /// Which of the set's cells.
    package var cell: Int
    package var events: Int
    /// Numbers of the first episodes, in the order of their keys.
    package var episodes: [Int]
  }

  /// How many episodes are named.
  var named: Int { parts.reduce(0) { $0 + $1.episodes.count } }

  /// The episodes of a single cell.
  ///
  /// - Parameter events: how many there are.
  /// - Throws: `StoreError`.
  init?(_ episodes: EpisodeSet, events: Int, in store: RunStore) throws {
    guard let cell = episodes.cells.first else { return nil }
    let numbers = try store.episodeNumbers(episodes.query(cell), limit: Self.limit)
    self.init(episodes: episodes, total: events, parts: [Part(cell: 0, events: events, episodes: numbers)])
  }

  private init(episodes: EpisodeSet, total: Int, parts: [Part]) {
    (self.episodes, self.total, self.parts) = (episodes, total, parts)
  }

  /// Every estimate that counts at least one event or several cells, each set of episodes once.
  static func all(in store: RunStore, _ estimates: [Estimate], counts: CountIndex) throws -> [Evidence] {
    let sets = estimates.filter { $0.tally.events > 0 || ($0.episodes?.cells.count ?? 0) > 1 }
      .compactMap(\.episodes).uniqued
    var known: [String: [Int]] = [:]
    return try sets.map { set in
      let parts = try set.cells.enumerated().compactMap { index, cell -> Part? in
        let tally = counts.tally(
          cell.checkpoint, cell.environment, set.predicate, arm: cell.arm, purpose: cell.purpose)
        guard let events = tally?.events, events > 0 else { return nil }
        let name = "\(cell)\(set.predicate)"
        let numbers = try known[name] ?? store.episodeNumbers(set.query(cell), limit: limit)
        known[name] = numbers
        return Part(cell: index, events: events, episodes: Array(numbers.prefix(max(4, limit / set.cells.count))))
      }
      return Evidence(episodes: set, total: parts.reduce(0) { $0 + $1.events }, parts: parts)
    }
  }
}

extension EpisodeSet {
  /// Those of one of the cells.
  fileprivate func query(_ cell: Cell) -> EpisodeQuery {
    EpisodeQuery(
      checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm, purpose: cell.purpose,
      holding: [predicate])
  }
}
