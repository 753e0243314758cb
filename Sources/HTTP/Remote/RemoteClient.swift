internal import Foundation

/// Posts JSON to one server and reads JSON back. Redirects are not followed, so that the key goes to that server alone.
package final class RemoteClient: Sendable {
  package let settings: RemoteSettings
  /// The address as errors name it.
  package let address: String
  private let key: String?
  private let headers: [(name: String, value: String)]
  private let http: HTTPClient

  /// Bytes of an answer that are read.
  static let longestAnswer = 4 << 20

  /// - Parameters:
  ///   - environment: where the key is looked up.
  ///   - keyHeader: the header that carries the key as it is; `nil` sends `Authorization: Bearer`.
  ///   - headers: further headers of every request.
  /// - Throws: a `RemoteError` when a setting cannot be or the key is missing.
  package init(
    _ settings: RemoteSettings, environment: [String: String], keyHeader: String? = nil,
    headers: [(name: String, value: String)] = []
  ) throws {
    try settings.validate()
    self.settings = settings
    address = try settings.url().absoluteString
    let key = try settings.key(in: environment)
    self.key = key
    let authorization = key.map { key in keyHeader.map { ($0, key) } ?? ("Authorization", "Bearer \(key)") }
    self.headers =
      [("Content-Type", "application/json"), ("User-Agent", "subterfuge")] + headers
      + [authorization].compactMap(\.self)
    http = HTTPClient(limits: HTTPLimits(total: settings.timeout))
  }

  /// What the server answers to a body.
  ///
  /// - Parameters:
  ///   - path: behind the address, for example `/chat/completions`.
  ///   - type: the shape of the answer; what else it holds is ignored.
  /// - Throws: a `RemoteError` that names the address; `CancellationError`.
  package func post<Answer: Decodable>(
    _ body: some Encodable, to path: String = "", as type: Answer.Type
  ) async throws -> Answer {
    let data = try await send(body, to: path)
    do { return try JSONDecoder().decode(type, from: data) } catch {
      throw RemoteError(
        .malformed, "\(address) answered with something else than was asked for: \(excerpt(data)).")
    }
  }

  /// Posts a body whose answer says nothing but that it was taken.
  ///
  /// - Throws: a `RemoteError` that names the address; `CancellationError`.
  package func tell(_ body: some Encodable, to path: String) async throws { _ = try await send(body, to: path) }

  private func send(_ body: some Encodable, to path: String) async throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let request = try request(encoder.encode(body), path)
    for attempt in 1... {
      switch try await exchange(request) {
      case .answered(let response, let data) where response.status == 200: return data
      case .answered(let response, let data):
        guard Self.mayPass.contains(response.status), attempt < settings.attempts else {
          throw refusal(response.status, data, attempts: attempt)
        }
        try await Task.sleep(for: .seconds(delay(after: attempt, response.headers["Retry-After"])))
      case .dropped(let error):
        guard attempt < settings.attempts else { throw self.error(error) }
        try await Task.sleep(for: .seconds(delay(after: attempt, nil)))
      }
    }
    throw RemoteError(.unreachable, "\(address) was not asked.")
  }

  /// The results of `work` on each element, in order, at most `settings.concurrency` at a time.
  package func concurrently<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ work: @escaping @Sendable (Element) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var results: [(Int, Result)] = []
      for (index, element) in elements.enumerated() {
        if index >= settings.concurrency, let done = try await group.next() { results.append(done) }
        group.addTask { (index, try await work(element)) }
      }
      for try await done in group { results.append(done) }
      return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private static let mayPass: Set<Int> = [429, 500, 502, 503, 504]

  private func request(_ body: Data, _ path: String) throws -> HTTPRequest {
    guard let url = URL(string: address + path) else {
      throw RemoteError(.settings, "'\(address)\(path)' is not a valid address; correct the server's address.")
    }
    return HTTPRequest(url, headers: headers, body: body)
  }

  /// What came of one request.
  private enum Exchange {
    case answered(HTTPResponse, Data)
    /// There was no connection, or it broke before the answer was whole.
    case dropped(HTTPFailure)
  }

  private func exchange(_ request: HTTPRequest) async throws -> Exchange {
    do {
      let response = try await http.send(request)
      return .answered(response, try await response.body.collect(upTo: Self.longestAnswer))
    } catch let failure as HTTPFailure {
      try Task.checkCancellation()
      guard isDrop(failure) else { throw error(failure) }
      return .dropped(failure)
    }
  }

  /// Whether another try may pass. A server that does not answer in time is not asked again: it had its time.
  private func isDrop(_ failure: HTTPFailure) -> Bool {
    switch failure {
    case .broken, .notReached, .noConnectionInTime: true
    case .silent, .outOfTime, .unusable, .tooLong: false
    }
  }

  private func error(_ failure: HTTPFailure) -> RemoteError {
    RemoteError(
      kind(failure),
      "\(address) cannot be asked: \(words(failure)). Is the server running, and is the address right?")
  }

  private func kind(_ failure: HTTPFailure) -> RemoteError.Kind {
    switch failure {
    case .tooLong: .malformed
    case .silent, .outOfTime: .late
    case .broken, .notReached, .noConnectionInTime, .unusable: .unreachable
    }
  }

  private func words(_ failure: HTTPFailure) -> String {
    switch failure {
    case .tooLong(let bytes): "its answer is longer than \(bytes >> 20) MiB"
    case .outOfTime, .silent: "it did not answer within \(settings.timeout.formatted()) s"
    case .noConnectionInTime: "it does not answer"
    case .broken, .notReached, .unusable: redacted(failure.description)
    }
  }

  private func refusal(_ status: Int, _ data: Data, attempts: Int) -> RemoteError {
    let tries = attempts > 1 ? " \(attempts) times" : ""
    return RemoteError(
      .refused(status: status), "\(address) refused\(tries) with status \(status): \(excerpt(data)).")
  }

  private func delay(after attempt: Int, _ retryAfter: String?) -> Double {
    let asked = retryAfter.flatMap(Double.init)
    let own = settings.firstDelay * Double(1 << min(attempt - 1, 16))
    return min(max(0, asked.flatMap { $0.isFinite ? $0 : nil } ?? own), RemoteSettings.longestDelay)
  }

  /// The beginning of what a server said. Servers repeat keys in their complaints; ours does not get into a log.
  private func excerpt(_ data: Data) -> String {
    let text = redacted(String(decoding: data, as: UTF8.self)).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    return text.isEmpty ? "nothing" : "'\(text.prefix(300))'"
  }

  private func redacted(_ text: String) -> String {
    key.map { text.replacingOccurrences(of: $0, with: "[key]") } ?? text
  }
}
