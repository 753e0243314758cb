internal import CMLX
internal import Tokenization

/// A seedling's weights packed for sampling. The arithmetic is in CMLX (`cmlx_decode.h`), where the order of every sum
/// depends on the row alone. Not `Sendable`: it belongs to one `SamplingEngine`.
final class SeedlingDecoder {
  let configuration: SeedlingConfiguration
  fileprivate let handle: OpaquePointer

  /// Packs the weights; `threads` 0 means one for each core.
  init(_ checkpoint: ModelCheckpoint, threads: Int = 0, portable: Bool = false) throws {
    guard case .seedling(let config) = checkpoint.architecture else {
      throw ModelError("Sampling from a \(checkpoint.architecture.name) is not supported yet.")
    }
    configuration = config
    let shape = cmlx_decoder_shape(
      vocabulary: Int32(config.vocabulary), width: Int32(config.width), layers: Int32(config.layers),
      heads: Int32(config.heads), kv_heads: Int32(config.keyValueHeads), head_width: Int32(config.headWidth),
      hidden: Int32(config.hidden), context: Int32(config.context), epsilon: config.epsilon,
      attention_scale: config.attentionScale)
    let tables = config.rotaryTables()
    let arena = Arena(checkpoint, cosines: tables.cosines, sines: tables.sines)
    let layers = try (0..<config.layers).map { try arena.layer($0) }
    let made = try layers.withUnsafeBufferPointer { layers in
      cmlx_decoder_new(
        shape,
        cmlx_decoder_weights(
          embedding: try arena["embedding"], shift: try arena["shift"], norm: try arena["norm"],
          cosines: try arena["cosines"], sines: try arena["sines"], layers: layers.baseAddress))
    }
    guard let made else {
      throw ModelError("The model cannot be sampled from: \(String(cString: cmlx_decode_error())).")
    }
    handle = made
    cmlx_decoder_set_threads(handle, Int32(threads))
    cmlx_decoder_use_portable(handle, portable)
  }

  deinit { cmlx_decoder_free(handle) }

  /// Bytes of all keys and values held in the process.
  static var cacheBytes: Int { cmlx_kv_cache_bytes() }

  /// Advances every run by its tokens, and draws where one is asked for: one result a run, `nil` where it does not draw.
  ///
  /// - Throws: a `ModelError`; nothing has advanced then.
  func step(_ runs: [DecoderRun]) throws -> [Draw?] {
    let tokens = runs.flatMap(\.tokens)
    return try tokens.withUnsafeBufferPointer { tokens in
      var next = tokens.baseAddress
      var records = runs.map { run in
        defer { next = next?.advanced(by: run.tokens.count) }
        return cmlx_decode_run(
          cache: run.cache.handle, tokens: next, count: Int32(run.tokens.count), draws: run.draws,
          temperature: run.temperature, seed: run.seed, token: 0, log_probability: 0, logits: nil)
      }
      guard cmlx_decoder_step(handle, &records, records.count) == 0 else {
        throw ModelError("Sampling failed: \(String(cString: cmlx_decode_error())).")
      }
      return records.map { $0.draws ? Draw(token: $0.token, logProbability: $0.log_probability) : nil }
    }
  }
}

/// A drawn token and its natural-log probability.
package struct Draw: Sendable, Hashable {
  package let token: Int32
  package let logProbability: Float
}

/// What one row does in a step: reads tokens, at least one, and then, if asked to, draws one.
struct DecoderRun {
  var cache: DecoderCache
  var tokens: [Int32]
  var draws: Bool
  /// 0 takes the most probable token.
  var temperature: Float
  var seed: UInt64
}

/// The keys and values of one row. A fork shares the full pages of the original.
final class DecoderCache {
  fileprivate let handle: OpaquePointer

  init(_ decoder: SeedlingDecoder) { handle = cmlx_kv_cache_new(decoder.handle) }
  private init(handle: OpaquePointer) { self.handle = handle }
  deinit { cmlx_kv_cache_free(handle) }

  /// Tokens read so far.
  var length: Int { Int(cmlx_kv_cache_length(handle)) }

  func fork() -> DecoderCache { DecoderCache(handle: cmlx_kv_cache_fork(handle)) }
}

/// The weights at stable addresses while the decoder copies them.
private final class Arena {
  private var buffers: [String: UnsafeMutableBufferPointer<Float>] = [:]

  init(_ checkpoint: ModelCheckpoint, cosines: [Float], sines: [Float]) {
    for (name, weight) in checkpoint.weights { copy(weight.values, name) }
    copy(cosines, "cosines")
    copy(sines, "sines")
  }

  deinit { for buffer in buffers.values { buffer.deallocate() } }

  private func copy(_ values: [Float], _ name: String) {
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
    _ = buffer.initialize(from: values)
    buffers[name] = buffer
  }

  subscript(_ name: String) -> UnsafePointer<Float> {
    get throws {
      guard let base = buffers[name]?.baseAddress else { throw ModelError("Parameter '\(name)' is missing.") }
      return UnsafePointer(base)
    }
  }

  func layer(_ index: Int) throws -> cmlx_decoder_layer {
    func weight(_ name: String) throws -> UnsafePointer<Float> { try self["layers.\(index).\(name)"] }
    return try cmlx_decoder_layer(
      attention_norm: weight("attention_norm"), query_key_value: weight("query_key_value"),
      query_norm: weight("query_norm"), key_norm: weight("key_norm"), output: weight("output"),
      mlp_norm: weight("mlp_norm"), up: weight("up"), down: weight("down"))
  }
}
