internal import CHTTP
internal import Foundation

/// A proxy through which every connection is tunnelled.
package struct HTTPProxy: Sendable, Hashable {
  /// `http://HOST:PORT`.
  package var address: String
  package var user: String?, password: String?

  package init(address: String, user: String? = nil, password: String? = nil) {
    self.address = address
    self.user = user
    self.password = password
  }
}

/// Seconds that a client waits; nil is for ever.
package struct HTTPLimits: Sendable {
  /// For a connection.
  package var connection: Double = 20
  /// Between two bytes.
  package var silence: Double?
  /// For the whole exchange.
  package var total: Double?

  package init(silence: Double? = nil, total: Double? = nil) {
    self.silence = silence
    self.total = total
  }
}

/// Asks HTTP servers, by libcurl. Redirects are not followed, so that what a request carries goes to its server alone;
/// connections are used again. Each request has a thread while it is on its way.
package final class HTTPClient: Sendable {
  private let client: chttp_client
  private let proxy: HTTPProxy?
  private let limits: HTTPLimits

  package init(proxy: HTTPProxy? = nil, limits: HTTPLimits = HTTPLimits()) {
    client = chttp_open()
    self.proxy = proxy
    self.limits = limits
  }

  // Each thread holds the client until its exchange is over.
  deinit { chttp_close(client) }

  /// The head of the answer; its body is read afterwards.
  ///
  /// - Throws: `HTTPFailure`, `CancellationError`.
  package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let exchange = Exchange()
    Thread { [self] in exchange.run(client, request, proxy: proxy, limits: limits) }.start()
    let (line, headers) = try await exchange.head()
    return HTTPResponse(
      status: line.split(separator: " ").first.flatMap { Int($0) } ?? 0, statusLine: line, headers: headers,
      body: HTTPBody(exchange))
  }
}
