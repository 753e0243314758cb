/// What advances the rows of an engine.
protocol RowDecoder {
  /// A row that has read nothing.
  func emptyCache() -> DecoderCache

  /// Bytes of all keys and values of its caches.
  var cacheBytes: Int { get }

  /// Advances every run by its tokens, and draws where one is asked for: one result a run, `nil` where it does not draw.
  ///
  /// - Throws: a `ModelError`; nothing has advanced then.
  func step(_ runs: [DecoderRun]) throws -> [Draw?]
}

extension Decoder: RowDecoder {
  func emptyCache() -> DecoderCache { DecoderCache(self) }
}
