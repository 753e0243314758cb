package import Episodes
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

  /// Every estimate that counts at least one event, each set of episodes once.
  static func all(in store: RunStore, _ estimates: [Estimate], counts: CountIndex) throws -> [Evidence] {
    let sets = estimates.filter { $0.tally.events > 0 }.compactMap(\.episodes).uniqued
    var known: [String: [Int]] = [:]
    return try sets.map { set in
      let parts = try set.cells.enumerated().compactMap { index, cell -> Part? in
        let tally = counts.tally(
          cell.checkpoint, cell.environment, set.predicate, arm: cell.arm, purpose: cell.purpose)
        guard let events = tally?.events, events > 0 else { return nil }
        let query = EpisodeQuery(
          checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm, purpose: cell.purpose,
          holding: [set.predicate])
        let name = "\(cell)\(set.predicate)"
        let numbers = try known[name] ?? store.episodeNumbers(query, limit: limit)
        known[name] = numbers
        return Part(cell: index, events: events, episodes: Array(numbers.prefix(max(4, limit / set.cells.count))))
      }
      return Evidence(episodes: set, total: parts.reduce(0) { $0 + $1.events }, parts: parts)
    }
  }
}
