/// Looks for stop strings in a growing text. Works on bytes, so that no spelling of a stop string escapes it, whichever
/// tokens it is made of.
package struct StopScanner: Sendable {
  private let stops: [[UInt8]]
  /// The end of the text so far, in which a stop string may have begun.
  private var tail: [UInt8]
  private let tailLength: Int

  /// - Parameters:
  ///   - stops: empty ones are ignored.
  ///   - text: what stands before the text that will be scanned. A stop string may begin there, but not end there.
  package init(_ stops: [String], after text: [UInt8] = []) {
    self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
    tailLength = (self.stops.map(\.count).max() ?? 1) - 1
    tail = text.suffix(tailLength)
  }

  /// Adds bytes to the text.
  ///
  /// - Returns: how many of `bytes` stand behind the first place where a stop string ends; `nil` when none ends in them.
  package mutating func append(_ bytes: [UInt8]) -> Int? {
    if stops.isEmpty { return nil }
    let text = tail + bytes
    let ends = (tail.count..<text.count).lazy.map { $0 + 1 }
    let first = ends.first { end in stops.contains { text[..<end].ends(with: $0) } }
    tail = text.suffix(tailLength)
    return first.map { text.count - $0 }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func ends(with end: [UInt8]) -> Bool { count >= end.count && suffix(end.count).elementsEqual(end) }
}
