import Episodes
import Storage

/// The numbers of a cell's episodes, and which of them each filter shows. Transcripts are read later, a batch at a time.
struct CellEpisodes {
  /// A filter and the episodes that it shows.
  struct Selection {
    var filter: EpisodeFilter
    var numbers: Set<Int>
  }

  /// The most episodes of one file. Browsers scroll and filter so many without a delay.
  static let episodesPerPart = 1000

  let file: EpisodeFile
  /// In the order of their keys.
  let numbers: [Int]
  /// The filters that show at least one episode: predicates by name, then failures and flags.
  let selections: [Selection]
  /// Rewards and verdicts; empty for episodes that were not sampled for training.
  let annotations: [Int: EpisodeAnnotations]

  /// - Throws: `StoreError`.
  init(_ file: EpisodeFile, in store: RunStore, predicates: [Predicate]) throws {
    self.file = file
    numbers = try store.episodeNumbers(file.query, limit: .max)
    annotations = try store.annotations(numbered: numbers).filter { $0.value != EpisodeAnnotations() }
    func selection(_ filter: EpisodeFilter, _ change: (inout EpisodeQuery) -> Void) throws -> Selection {
      var query = file.query
      change(&query)
      return Selection(filter: filter, numbers: Set(try store.episodeNumbers(query, limit: .max)))
    }
    let flagged = annotations.filter { $0.value.verdicts.values.contains(where: \.isFlagged) }.keys
    let all =
      try predicates.map { predicate in try selection(.predicate(predicate)) { $0.holding = [predicate] } }
      + [selection(.failed) { $0.failed = true }, Selection(filter: .flagged, numbers: Set(flagged))]
    selections = all.filter { !$0.numbers.isEmpty }
  }

  /// The episodes of each file.
  var parts: [ArraySlice<Int>] {
    stride(from: 0, to: numbers.count, by: Self.episodesPerPart).map {
      numbers[$0..<min($0 + Self.episodesPerPart, numbers.count)]
    }
  }
}
