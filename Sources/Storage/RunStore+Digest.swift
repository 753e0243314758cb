import Crypto
import Episodes
import Foundation
import GRDB

extension RunStore {
  /// SHA-256 over the content of all episodes in the order of their keys, without their numbers and timings: equal for a
  /// run that was interrupted and one that was not.
  ///
  /// - Parameter logProbabilities: whether the tokens' log-probabilities count. Their last bits may depend on which rows
  ///   a batch held.
  package func episodesDigest(logProbabilities: Bool = true) throws -> String {
    try read { db in
      let reader = try EpisodeReader(db)
      var hash = SHA256()
      let rows = try Row.fetchCursor(
        db, sql: EpisodeReader.selection + " ORDER BY checkpoint, environment, arm, purpose, variant, sample")
      while let row = try rows.next() {
        var episode = try reader.episode(row).episode
        episode.timings = EpisodeTimings()
        if !logProbabilities {
          for index in episode.transcript.segments.indices { episode.transcript.segments[index].logProbabilities = [] }
        }
        hash.update(data: Data(try StoredJSON.text(episode).utf8))
      }
      return StoredDigest.hexadecimal(hash.finalize())
    }
  }
}
