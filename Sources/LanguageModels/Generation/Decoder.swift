internal import CMLX
internal import Tokenization

// Shapes: a step takes N tokens of all its runs together; logits are [V], V vocabulary.

/// A model's weights packed for sampling. The arithmetic is in CMLX (`cmlx_decode.h`), where the order of every sum
/// depends on the row alone. Not `Sendable`: it belongs to one `SamplingEngine`.
package final class Decoder {
  /// The kernels to run where the machine has their instructions.
  package enum Kernels: Int32, CaseIterable, Sendable { case portable, avx2, avx512, vnni, amx }

  /// How threads share a step: as the size of the weights suggests, or by rows, or by the outputs of each product.
  package enum Sharing: Int32, CaseIterable, Sendable { case automatic, rows, outputs }

  fileprivate let handle: OpaquePointer

  /// Packs the weights in the form of their file, with the adapter beside them; `threads` 0 means one for each core.
  /// Neither threads nor kernels nor sharing change a bit of any result; the precision does.
  ///
  /// - Throws: a `ModelError` when a weight is missing or cannot be read, or the adapter changes what it cannot.
  package init(
    _ checkpoint: ModelCheckpoint, threads: Int = 0, precision: SamplingPrecision = .exact, kernels: Kernels = .amx,
    sharing: Sharing = .automatic
  ) throws {
    handle =
      switch checkpoint.architecture {
      case .seedling(let configuration): try configuration.makeDecoder()
      case .transformer(let configuration): try configuration.makeDecoder()
      }
    // From here on, deinit frees it.
    switch checkpoint.architecture {
    case .seedling(let configuration): try checkpoint.pack(configuration, into: handle)
    case .transformer(let configuration): try checkpoint.pack(configuration, into: handle)
    }
    try DecoderError.check(cmlx_decoder_complete(handle))
    cmlx_decoder_set_threads(handle, Int32(threads))
    cmlx_decoder_set_kernels(handle, kernels.rawValue)
    cmlx_decoder_set_sharing(handle, sharing.rawValue)
    cmlx_decoder_set_fast(handle, precision == .fast)
  }

  deinit { cmlx_decoder_free(handle) }

  /// Bytes of the packed weights.
  package var weightBytes: Int { cmlx_decoder_bytes(handle) }

  /// Bytes of all keys and values of its caches; what several share counts once.
  package var cacheBytes: Int { cmlx_decoder_cache_bytes(handle) }

  /// Advances every run by its tokens, and draws where one is asked for: one result a run, `nil` where it does not draw.
  ///
  /// - Throws: a `ModelError`; nothing has advanced then.
  package func step(_ runs: [DecoderRun]) throws -> [Draw?] {
    let tokens = runs.flatMap(\.tokens)
    return try tokens.withUnsafeBufferPointer { tokens in
      var next = tokens.baseAddress
      var records = runs.map { run in
        defer { next = next?.advanced(by: run.tokens.count) }
        return cmlx_decode_run(
          cache: run.cache.handle, tokens: next, count: Int32(run.tokens.count), draws: run.draws,
          sampling: run.sampling.record, seed: run.seed, token: 0, log_probability: 0, logits: nil, scores: nil)
      }
      guard cmlx_decoder_step(handle, &records, records.count) == 0 else {
        throw ModelError("Sampling failed: \(String(cString: cmlx_decode_error())).")
      }
      return records.map { $0.draws ? Draw(token: $0.token, logProbability: $0.log_probability) : nil }
    }
  }

  /// Lets every cache read its tokens, and returns the natural-log probability of each but the first, given what is
  /// before it: [runs][tokens - 1]. They are those that sampling at temperature 1 would have recorded.
  ///
  /// - Throws: a `ModelError`.
  func logProbabilities(_ runs: [(cache: DecoderCache, tokens: [Int32])]) throws -> [[Float]] {
    let tokens = runs.flatMap(\.tokens)
    var scores = [Float](repeating: 0, count: tokens.count)
    try scores.withUnsafeMutableBufferPointer { scores in
      try tokens.withUnsafeBufferPointer { tokens in
        var start = 0
        var records = runs.map { run in
          defer { start += run.tokens.count }
          return cmlx_decode_run(
            cache: run.cache.handle, tokens: tokens.baseAddress?.advanced(by: start), count: Int32(run.tokens.count),
            draws: false, sampling: SamplingOptions().record, seed: 0, token: 0, log_probability: 0, logits: nil,
            scores: scores.baseAddress?.advanced(by: start))
        }
        guard cmlx_decoder_step(handle, &records, records.count) == 0 else {
          throw ModelError("Scoring failed: \(String(cString: cmlx_decode_error())).")
        }
      }
    }
    guard scores.allSatisfy({ !$0.isNaN }) else { throw DecoderError.notFinite }
    var rest = scores[...]
    return runs.map { run in
      defer { rest = rest.dropFirst(run.tokens.count) }
      return Array(rest.prefix(run.tokens.count - 1))
    }
  }

  /// Seconds that the matrix products of a step of `rows` drawing rows take alone: no step can be faster with these
  /// kernels. For benchmarks.
  package func productSeconds(rows: Int) -> Double { cmlx_decoder_products_seconds(handle, Int32(clamping: rows)) }

  /// Lets the cache's row read `tokens`; returns the logits of the token after them.
  package func logits(_ tokens: [Int32], _ cache: DecoderCache) throws -> [Float] {
    let count = Int(cmlx_decoder_vocabulary(handle))
    return try [Float](unsafeUninitializedCapacity: count) { logits, initialized in
      try tokens.withUnsafeBufferPointer { tokens in
        var run = cmlx_decode_run(
          cache: cache.handle, tokens: tokens.baseAddress, count: Int32(tokens.count), draws: true,
          sampling: SamplingOptions().record, seed: 0, token: 0, log_probability: 0, logits: logits.baseAddress,
          scores: nil)
        guard cmlx_decoder_step(handle, &run, 1) == 0 else {
          throw ModelError("Sampling failed: \(String(cString: cmlx_decode_error())).")
        }
        guard run.token >= 0 else { throw DecoderError.notFinite }
      }
      initialized = count
    }
  }
}

/// A drawn token and its natural-log probability.
package struct Draw: Sendable, Hashable {
  /// -1 where the logits are not finite.
  package let token: Int32
  package let logProbability: Float
}

/// What one row does in a step: reads tokens, at least one, and then, if asked to, draws one.
package struct DecoderRun {
  package var cache: DecoderCache
  package var tokens: [Int32]
  package var draws: Bool
  package var sampling: SamplingOptions
  package var seed: UInt64

  package init(
    cache: DecoderCache, tokens: [Int32], draws: Bool, sampling: SamplingOptions = SamplingOptions(), seed: UInt64 = 0
  ) {
    self.cache = cache
    self.tokens = tokens
    self.draws = draws
    self.sampling = sampling
    self.seed = seed
  }
}

/// The keys and values of one row. A fork shares the full pages of the original.
package final class DecoderCache {
  fileprivate let handle: OpaquePointer

  /// An empty row.
  package init(_ decoder: Decoder) { handle = cmlx_kv_cache_new(decoder.handle) }
  private init(handle: OpaquePointer) { self.handle = handle }
  deinit { cmlx_kv_cache_free(handle) }

  /// Tokens read so far.
  package var length: Int { Int(cmlx_kv_cache_length(handle)) }

  /// The tokens read so far.
  var tokens: [Int32] { Array(UnsafeBufferPointer(start: cmlx_kv_cache_tokens(handle), count: length)) }

  /// A row that continues this one, or its first `length` tokens.
  package func fork(length: Int = .max) -> DecoderCache {
    DecoderCache(handle: cmlx_kv_cache_fork(handle, Int32(clamping: length)))
  }
}

/// Turns the decoder's status into an error.
enum DecoderError {
  static let notFinite = ModelError("The model's output is not finite. Its weights are damaged.")

  static func check(_ status: Int32) throws {
    guard status == 0 else {
      throw ModelError("The model cannot be sampled from: \(String(cString: cmlx_decode_error())).")
    }
  }
}
