/// Why rare-event data cannot be estimated from.
package struct RareEventError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence: what is wrong, where, and what to do.
  package let description: String

  init(_ description: String) { self.description = description }
}
