package import Episodes
package import Storage

/// Where one episode that the report names by its number can be read.
package struct EpisodePlace: Sendable, Codable, Hashable {
  /// The episode's number in the store.
  package var episode: Int
  package var key: EpisodeKey
  /// The part of its cell's page that holds it, from 0.
  package var part: Int

  /// Finds some episodes, and omits numbers that do not exist.
  ///
  /// - Throws: `StoreError`.
  static func all(_ numbers: [Int], in store: RunStore) throws -> [EpisodePlace] {
    let rows = try store.rows(numbered: numbers.uniqued)
    return try Dictionary(grouping: rows) { Cell($0.key) }.values.flatMap { own in
      guard let first = own.first else { return [EpisodePlace]() }
      let order = try store.episodeNumbers(EpisodeFile.query(of: Cell(first.key)), limit: .max)
      let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
      return own.map {
        EpisodePlace(episode: $0.id, key: $0.key, part: (places[$0.id] ?? 0) / CellEpisodes.episodesPerPart)
      }
    }.sorted { $0.episode < $1.episode }
  }
}
