/// Why sampling stopped.
package enum SamplingStop: Sendable, Hashable {
  /// One of the stop strings was written.
  case stopString
  /// The end-of-turn token was drawn.
  case endOfTurn
  /// As many tokens were drawn as were asked for.
  case tokenLimit
  /// The model's context is full.
  case contextFull
}

/// What one request drew.
package struct SampledText: Sendable, Hashable {
  /// The drawn tokens, the end-of-turn token included.
  package var tokens: [Int32] = []
  /// Natural-log probability of each token under the distribution that it was drawn from.
  package var logProbabilities: [Float] = []
  package var stop: SamplingStop = .tokenLimit
}

/// Looks for stop strings at the end of a growing text. Works on bytes, so that no spelling of a stop string escapes it.
struct StopScanner {
  private let stops: [[UInt8]]
  private var tail: [UInt8] = []

  init(_ stops: [String]) { self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty } }

  /// Adds bytes to the text; true when a stop string ends within them.
  mutating func append(_ bytes: [UInt8]) -> Bool {
    guard let longest = stops.map(\.count).max() else { return false }
    tail += bytes
    let found = stops.contains { stop in
      let first = max(0, tail.count - bytes.count - stop.count + 1)
      return stride(from: first, through: tail.count - stop.count, by: 1).contains { tail[$0...].starts(with: stop) }
    }
    tail = tail.suffix(longest - 1)
    return found
  }
}
