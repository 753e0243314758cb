import Foundation
import Synchronization

@testable import LanguageModels

/// A decoder that reads and scores like the real one and draws what a script says: so the engine meets every token, with
/// the log-probability that the model gives to it.
final class ScriptedDecoder: RowDecoder {
  /// What the rows have read, by their seeds; the prompt but for its last token is not among it.
  final class Log: Sendable {
    private let rows = Mutex<[UInt64: [Int32]]>([:])
    func read(_ seed: UInt64) -> [Int32] { rows.withLock { $0[seed] ?? [] } }
    fileprivate func append(_ tokens: [Int32], _ seed: UInt64) { rows.withLock { $0[seed, default: []] += tokens } }
  }

  private let decoder: Decoder
  private let log: Log
  /// What the row of each seed draws, in order; then the end of the turn.
  private var scripts: [UInt64: [Int32]]
  private let end: Int32

  init(_ decoder: Decoder, scripts: [UInt64: [Int32]], end: Int32, log: Log = Log()) {
    self.decoder = decoder
    self.scripts = scripts
    self.end = end
    self.log = log
  }

  func emptyCache() -> DecoderCache { DecoderCache(decoder) }
  var cacheBytes: Int { decoder.cacheBytes }

  func step(_ runs: [DecoderRun]) throws -> [Draw?] {
    try runs.map { run in
      if run.seed != 0 { log.append(run.tokens, run.seed) }
      guard run.draws else { return try decoder.step([run])[0] }
      let logits = try decoder.logits(run.tokens, run.cache)
      let script = scripts[run.seed] ?? []
      scripts[run.seed] = Array(script.dropFirst())
      let token = script.first ?? end
      let top = logits.max() ?? 0
      let sum = logits.reduce(0) { $0 + exp($1 - top) }
      return Draw(token: token, logProbability: logits[Int(token)] - top - Foundation.log(sum))
    }
  }
}
