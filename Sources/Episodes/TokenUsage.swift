/// What a server counted of an episode's requests, and what they cost. Policies in this process count nothing.
package struct TokenUsage: Sendable, Codable, Hashable {
  /// Tokens that the model read: the prompt and everything said before, anew with each request.
  package var read: Int
  /// Those of `read` that the server had kept from an earlier request.
  package var cached: Int
  /// Tokens that the model wrote, hidden reasoning included.
  package var written: Int
  /// Those of `written` that are hidden reasoning.
  package var reasoning: Int
  /// US dollars; 0 where no prices were given.
  package var cost: Double

  package init(read: Int = 0, cached: Int = 0, written: Int = 0, reasoning: Int = 0, cost: Double = 0) {
    self.read = read
    self.cached = cached
    self.written = written
    self.reasoning = reasoning
    self.cost = cost
  }

  package static func + (one: TokenUsage, other: TokenUsage) -> TokenUsage {
    TokenUsage(
      read: one.read + other.read, cached: one.cached + other.cached, written: one.written + other.written,
      reasoning: one.reasoning + other.reasoning, cost: one.cost + other.cost)
  }
}
