internal import Episodes

/// One way of asking a server for the model's next words.
protocol RemoteAPI: Sendable {
  /// - Parameters:
  ///   - maxTokens: what the answer may have, hidden reasoning included.
  ///   - seed: for servers that take one.
  /// - Throws: a `RemoteError`.
  func answer(
    to conversation: Conversation, stops: [String], maxTokens: Int, temperature: Double, seed: Int
  ) async throws -> RemoteAnswer
}
