import Episodes
import Foundation
import GRDB
import Runs

/// Reads rows of episodes within one transaction.
struct EpisodeReader {
  let bits: PredicateBits

  init(_ db: Database) throws { bits = try PredicateBits(db) }

  /// Selects every column of an episode; the caller appends filters and order.
  static let selection = """
    SELECT episode.*, cell.environment, cell.arm, cell.purpose, checkpoint.name AS checkpoint,
      prompt.text AS prompt_text, prompt.tokens AS prompt_tokens
    FROM episode
    JOIN cell ON cell.id = cell_id
    JOIN checkpoint ON checkpoint.id = checkpoint_id
    LEFT JOIN prompt ON prompt.id = prompt_id
    """

  /// Reads the episodes with these numbers, in the order of the numbers, and omits numbers that do not exist.
  func episodes(numbered numbers: some Collection<Int>, _ db: Database) throws -> [StoredEpisode] {
    let statement = try db.cachedStatement(sql: Self.selection + " WHERE episode.id = ?")
    return try numbers.compactMap { try Row.fetchOne(statement, arguments: [$0]).map(episode) }
  }

  func episode(_ row: Row) throws -> StoredEpisode {
    let episode = Episode(
      key: EpisodeKey(
        checkpoint: row["checkpoint"], environment: row["environment"], arm: Arm(rawValue: row["arm"]),
        purpose: row["purpose"], variant: row["variant"], sample: row["sample"]),
      seed: Seed(UInt64(bitPattern: row["seed"])), transcript: try transcript(row),
      changes: try StoredJSON.value(row["changes"]), result: try result(row),
      timings: EpisodeTimings(
        policySeconds: row["policy_seconds"], sandboxSeconds: row["sandbox_seconds"],
        gradingSeconds: row["grading_seconds"]),
      usage: try (row["usage"] as String?).map { try StoredJSON.value($0) })
    return StoredEpisode(id: row["id"], episode: episode)
  }

  private func transcript(_ row: Row) throws -> Transcript {
    let prompt = (row["prompt_text"] as String?).map { text in
      Segment(.prompt, text, tokens: StoredTranscript.tokens(row["prompt_tokens"]))
    }
    return try StoredTranscript(
      segments: row["segments"], tokens: row["tokens"], logProbabilities: row["log_probabilities"], prompt: prompt
    ).transcript()
  }

  private func result(_ row: Row) throws -> EpisodeResult {
    if let boundary = try EpisodeFailure.Boundary.stored(row["failure_boundary"]) {
      return .failed(EpisodeFailure(boundary: boundary, message: row["failure_message"]))
    }
    let outcome = Outcome(
      facts: bits.facts(applies: row["applies"], holds: row["holds"]), baitReward: row["bait_reward"],
      measures: try StoredJSON.value(row["measures"]))
    guard let stop = try StopReason.stored(row["stop"]) else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "neither graded nor failed"))
    }
    return .graded(outcome, stop: stop)
  }
}
