/// What one client, and all of them together, may ask of the server. Anyone on the machine can connect, so nothing is
/// unbounded before the token was shown.
package struct ConnectionLimits: Sendable {
  /// Connections at once; see `ConnectionTable` for what happens to more.
  package var connections = 64
  /// The largest head of a request, in bytes. A search with every facet takes 2,000.
  package var head = 32 << 10
  /// The largest body, in bytes. A label with its note is smaller.
  package var body = 64 << 10
  /// Seconds in which a request must have arrived, from when the server waits for it.
  package var requestSeconds = 15.0
  /// Seconds in which a client must have taken an answer.
  package var answerSeconds = 60.0

  package init() {}
}
