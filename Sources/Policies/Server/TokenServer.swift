internal import Episodes
internal import HTTP

/// What is asked of a server: to go on with tokens.
struct TokenRequest: Sendable {
  var tokens: [Int32]
  /// The adapter's name on the server; `nil`: the model itself.
  var adapter: String?
  var stops: [String]
  /// The tokens that end a turn.
  var ends: [Int32]
  var maxTokens: Int
  var temperature: Float
  var seed: UInt64
}

/// What a server drew: every token, stop and end included, with its natural-log probability at the request's temperature.
struct TokenAnswer: Sendable, Hashable {
  var tokens: [Int32]
  var logProbabilities: [Float]
  /// The server stopped because of the number of tokens.
  var isCutOff: Bool
}

/// A server that takes and gives token ids.
protocol TokenServer: Sendable {
  /// As errors name it.
  var address: String { get }

  /// The tokens at the end of the context that the server does not use.
  var reserve: Int { get }

  /// - Throws: a `RemoteError`.
  func generate(_ request: TokenRequest) async throws -> TokenAnswer

  /// Makes a PEFT adapter known under a name.
  func load(adapter folder: String, as name: String) async throws

  /// Forgets an adapter.
  func unload(adapter name: String) async throws
}

extension TokenServer {
  var reserve: Int { 0 }

  /// Checks that each token has a probability, and that there are no more than were asked for.
  func checked(_ answer: TokenAnswer, _ request: TokenRequest) throws -> TokenAnswer {
    guard answer.tokens.count == answer.logProbabilities.count else {
      throw RemoteError(
        .malformed,
        "\(address) gave \(answer.tokens.count) tokens and \(answer.logProbabilities.count) log-probabilities; there must "
          + "be one for each.")
    }
    guard answer.tokens.count <= request.maxTokens else {
      throw RemoteError(
        .malformed, "\(address) gave \(answer.tokens.count) tokens, and \(request.maxTokens) were asked for.")
    }
    guard answer.logProbabilities.allSatisfy({ $0 <= 1e-3 }) else {
      throw RemoteError(.malformed, "\(address) gave a log-probability above 0 or no number.")
    }
    return answer
  }
}
