import Episodes
import Runs
import Storage

// Episodes by their keys: what is still owed, and what came of them.
extension RunStore {
  /// The keys that no stored episode has, in the given order.
  func owed(_ keys: [EpisodeKey]) throws -> [EpisodeKey] {
    var stored: [Cell: Set<SampleIndex>] = [:]
    for cell in Set(keys.map(Cell.init)) {
      stored[cell] = try storedSamples(
        checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm, purpose: cell.purpose)
    }
    return keys.filter { !(stored[Cell($0)]?.contains(SampleIndex(variant: $0.variant, sample: $0.sample)) ?? false) }
  }

  /// The stored episodes of these keys, in the order of the keys.
  func episodes(_ keys: [EpisodeKey]) throws -> [Episode] {
    var found: [EpisodeKey: Episode] = [:]
    for cell in Set(keys.map(Cell.init)) {
      let query = EpisodeQuery(
        checkpoint: cell.checkpoint, environment: cell.environment, arm: cell.arm, purpose: cell.purpose)
      for stored in try episodes(query, limit: .max) { found[stored.episode.key] = stored.episode }
    }
    return keys.compactMap { found[$0] }
  }

  /// A checkpoint by name; `nil` when the run has none of that name.
  func checkpoint(_ name: String) throws -> CheckpointRecord? {
    try checkpoints().first { $0.name == name }
  }
}

extension Cell {
  fileprivate init(_ key: EpisodeKey) {
    self.init(checkpoint: key.checkpoint, environment: key.environment, arm: key.arm, purpose: key.purpose)
  }
}

extension Tally {
  /// In how many of some episodes a predicate holds.
  init(_ episodes: [Episode], where holds: (Episode) -> Bool) {
    self.init(
      events: episodes.count(where: holds), completed: episodes.count { $0.result.outcome != nil },
      attempted: episodes.count)
  }
}

extension Episode {
  /// Whether a predicate holds; `false` for a failed episode.
  func holds(_ predicate: Predicate) -> Bool { result.outcome?[predicate] ?? false }

  /// Whether the grader decided a predicate, true or false.
  func grades(_ predicate: Predicate) -> Bool { result.outcome?.facts[predicate.rawValue] != nil }
}
