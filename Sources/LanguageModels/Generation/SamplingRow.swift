internal import Tokenization

/// A request to write, and what it has drawn so far.
struct SamplingRequest {
  let continuation: CheckedContinuation<SampledText, any Error>
  let maxTokens: Int
  var scanner: StopScanner
  var text = SampledText()
}

/// One open row. Belongs to the engine.
final class SamplingRow {
  /// What it begins with; fixed once it has read anything behind it.
  var prefix: SharedPrefix
  let sampling: SamplingOptions
  let seed: UInt64
  /// The row's own keys and values, once its prefix has been read.
  private(set) lazy var cache: DecoderCache = prefix.cache.fork()
  private(set) var hasCache = false
  /// Tokens not read yet.
  var pending: [Int32]
  /// The token before the next drawn one.
  var last: Int32?
  var request: SamplingRequest?

  /// A row that has read what another one has, sharing its keys and values, and draws from its own seed.
  init(forking other: SamplingRow, seed: UInt64) {
    prefix = other.prefix
    pending = other.pending
    sampling = other.sampling
    self.seed = seed
    last = other.last
    hasCache = other.hasCache
    if other.hasCache { cache = other.cache.fork() }
  }

  init(prefix: SharedPrefix, pending: [Int32], sampling: SamplingOptions, seed: UInt64) {
    self.prefix = prefix
    self.pending = pending
    self.sampling = sampling
    self.seed = seed
  }

  /// Tokens read so far.
  var length: Int { hasCache ? cache.length : prefix.tokens.count }

  /// Reads up to `limit` of the pending tokens.
  func run(limit: Int) -> DecoderRun {
    hasCache = true
    let tokens = Array(pending.prefix(limit))
    pending.removeFirst(tokens.count)
    last = tokens.last
    return DecoderRun(
      cache: cache, tokens: tokens, draws: pending.isEmpty, sampling: sampling, seed: seed)
  }

  /// Reads `tokens` in place of the drawn token that it has not read yet.
  ///
  /// - Throws: a `ModelError` when there is no such token.
  func replaceDrawn(by tokens: [Int32]) throws {
    guard let last, pending == [last], !tokens.isEmpty else {
      throw ModelError("The row has no drawn token that could be replaced: it has drawn none, or has read it.")
    }
    pending = tokens
    self.last = tokens.last
  }

  /// Takes the request out, so that nobody else answers it.
  func take() -> SamplingRequest? {
    defer { request = nil }
    return request
  }
}
