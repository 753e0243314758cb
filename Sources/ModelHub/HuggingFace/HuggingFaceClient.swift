internal import Foundation
internal import HTTP

/// Requests to a Hugging Face server. The token is shown to that server alone, never to one that it redirects to.
struct HuggingFaceClient: Sendable {
  /// How long to wait for what.
  struct Pace: Sendable {
    /// Seconds without a byte after which a transfer counts as broken.
    var silence = 60.0
    /// Seconds before the first repetition; doubles with each failure that brought nothing.
    var firstDelay = 1.0
    /// Failures in a row, without a new byte between them, after which a fetch gives up.
    var attempts = 5
  }

  /// Something that may work the next time.
  struct Transient: Error, CustomStringConvertible {
    var description: String
    /// Seconds that the server asks to wait.
    var delay: Double?
  }

  let endpoint: URL
  let token: String?
  let pace: Pace
  private let http: HTTPClient

  /// Calls `work` with a client for the server that the environment names.
  static func with<Result: Sendable>(
    environment: [String: String], pace: Pace, _ work: (HuggingFaceClient) async throws -> Result
  ) async throws -> Result {
    let named = environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 } ?? "https://huggingface.co"
    guard let endpoint = URL(string: named), ["http", "https"].contains(endpoint.scheme), endpoint.host() != nil else {
      throw HubError("HF_ENDPOINT is '\(named)', which is not an http or https address.")
    }
    let token = environment["HF_TOKEN"]?.trimmingCharacters(in: .whitespacesAndNewlines)
    let http = HTTPClient(
      proxy: try ProxySettings(environment: environment).proxy(for: endpoint),
      limits: HTTPLimits(silence: pace.silence))
    return try await work(
      HuggingFaceClient(endpoint: endpoint, token: token.flatMap { $0.isEmpty ? nil : $0 }, pace: pace, http: http))
  }

  /// Asks for a page below the endpoint and follows redirects.
  ///
  /// - Throws: `Transient` when the connection breaks or the server is out of order, `HubError` when it refuses,
  ///   `CancellationError`.
  func get(path: String, headers: [String: String] = [:]) async throws -> HTTPResponse {
    let base = endpoint.absoluteString
    guard var url = URL(string: (base.hasSuffix("/") ? String(base.dropLast()) : base) + path) else {
      throw HubError("\(base)\(path) is not an address.")
    }
    for _ in 0..<10 {
      let response = try await transfer { try await http.send(request(url, headers)) }
      guard (301...308).contains(response.status), response.status != 304 else { return response }
      url = try next(after: url, response)
    }
    throw HubError("\(base)\(path) redirects in circles.")
  }

  private func request(_ url: URL, _ headers: [String: String]) -> HTTPRequest {
    var request = HTTPRequest(url, headers: headers.map { ($0.key, $0.value) } + [("User-Agent", "subterfuge")])
    if let token, url.isSameServer(as: endpoint) {
      request.headers.append(("Authorization", "Bearer \(token)"))
    }
    return request
  }

  private func next(after url: URL, _ response: HTTPResponse) throws -> URL {
    guard let location = response.headers["Location"],
      let target = URL(string: location, relativeTo: url)?.absoluteURL, target.host() != nil,
      target.scheme == "https" || target.scheme == endpoint.scheme
    else {
      throw HubError("\(url.host() ?? "The server") redirects to an address that cannot be followed.")
    }
    return target
  }

  /// Does a piece of a transfer; what breaks it becomes `Transient`.
  func transfer<Result>(_ work: () async throws -> Result) async throws -> Result {
    do {
      return try await work()
    } catch {
      // A cancelled transfer is reported in several ways.
      try Task.checkCancellation()
      if error is HubError || error is Transient { throw error }
      throw Transient(description: String(describing: error))
    }
  }

  /// Does something until it works, fails for good, or has brought nothing too often.
  ///
  /// - Parameter progress: a number that grows when a failed try has brought something.
  func retrying<Result>(
    _ what: String, on event: @Sendable (FetchEvent) -> Void, progress: () -> Int64 = { 0 },
    _ work: () async throws -> Result
  ) async throws -> Result {
    var failures = 0
    while true {
      let before = progress()
      do {
        return try await work()
      } catch let problem as Transient {
        failures = progress() > before ? 1 : failures + 1
        guard failures < pace.attempts else {
          throw HubError(
            "\(what) cannot be fetched from \(endpoint.absoluteString): \(problem.description). What came so far is "
              + "kept; run the same command again to go on.")
        }
        let seconds = problem.delay ?? pace.firstDelay * Double(1 << (failures - 1))
        event(.retrying(file: what, because: problem.description, seconds: seconds))
        try await Task.sleep(for: .seconds(seconds))
      }
    }
  }
}

extension URL {
  /// Whether both are of one scheme, host and port.
  fileprivate func isSameServer(as other: URL) -> Bool {
    func port(_ url: URL) -> Int { url.port ?? (url.scheme == "https" ? 443 : 80) }
    return scheme == other.scheme && host()?.lowercased() == other.host()?.lowercased() && port(self) == port(other)
  }
}
