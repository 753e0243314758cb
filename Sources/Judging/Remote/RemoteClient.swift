internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Posts JSON to one server and reads JSON back. Redirects are not followed, so that the key goes to that server alone.
package final class RemoteClient: Sendable {
  package let settings: RemoteSettings
  /// The address as errors name it.
  package let address: String
  private let key: String?
  private let http: HTTPClient

  /// Bytes of an answer that are read.
  static let longestAnswer = 4 << 20

  /// - Parameter environment: where the key is looked up.
  /// - Throws: a `JudgingError` when a setting cannot be or the key is missing.
  package init(_ settings: RemoteSettings, environment: [String: String]) throws {
    try settings.validate()
    self.settings = settings
    address = try settings.url().absoluteString
    key = try settings.key(in: environment)
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(20)
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  deinit { http.shutdown { _ in } }

  /// What the server answers to a body.
  ///
  /// - Parameters:
  ///   - path: behind the address, for example `/chat/completions`.
  ///   - type: the shape of the answer; what else it holds is ignored.
  /// - Throws: a `JudgingError` that names the address; `CancellationError`.
  package func post<Answer: Decodable>(
    _ body: some Encodable, to path: String = "", as type: Answer.Type
  ) async throws -> Answer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let request = try request(encoder.encode(body), path)
    for attempt in 1... {
      switch try await exchange(request) {
      case .answered(.ok, _, let data): return try decode(data, as: type)
      case .answered(let status, let headers, let data):
        guard Self.mayPass.contains(status.code), attempt < settings.attempts else {
          throw refusal(status, data, attempts: attempt)
        }
        try await Task.sleep(for: .seconds(delay(after: attempt, headers)))
      case .dropped(let error):
        guard attempt < settings.attempts else { throw failure(error) }
        try await Task.sleep(for: .seconds(delay(after: attempt, [:])))
      }
    }
    throw JudgingError("\(address) was not asked.")
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

  private static let mayPass: Set<UInt> = [429, 500, 502, 503, 504]

  private func request(_ body: Data, _ path: String) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: address + path)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(name: "User-Agent", value: "subterfuge")
    if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
    request.body = .bytes(ByteBuffer(bytes: body))
    return request
  }

  /// What came of one request.
  private enum Exchange {
    case answered(HTTPResponseStatus, HTTPHeaders, Data)
    /// There was no connection, or it broke before the answer was whole.
    case dropped(any Error)
  }

  private func exchange(_ request: HTTPClientRequest) async throws -> Exchange {
    do {
      let deadline = NIODeadline.now() + .milliseconds(Int64(settings.timeout * 1_000))
      let response = try await http.execute(request, deadline: deadline)
      let body = try await response.body.collect(upTo: Self.longestAnswer)
      return .answered(response.status, response.headers, Data(body.readableBytesView))
    } catch {
      try Task.checkCancellation()
      guard isDrop(error) else { throw failure(error) }
      return .dropped(error)
    }
  }

  /// Whether another try may pass. A server that does not answer in time is not asked again: it had its time.
  private func isDrop(_ error: any Error) -> Bool {
    switch error {
    case is IOError, is ChannelError, is NIOConnectionError, is HTTPParserError: true
    case let error as HTTPClientError: [.remoteConnectionClosed, .connectTimeout].contains(error)
    default: false
    }
  }

  private func failure(_ error: any Error) -> JudgingError {
    JudgingError("\(address) cannot be asked: \(words(error)). Is the server running, and is the address right?")
  }

  private func words(_ error: any Error) -> String {
    if error is NIOTooManyBytesError { return "its answer is longer than \(Self.longestAnswer >> 20) MiB" }
    guard let known = error as? HTTPClientError else { return redacted(String(describing: error)) }
    switch known {
    case .deadlineExceeded, .readTimeout: return "it did not answer within \(settings.timeout.formatted()) s"
    case .connectTimeout: return "it does not answer"
    case .remoteConnectionClosed: return "the connection broke"
    default: return redacted(known.description)
    }
  }

  private func decode<Answer: Decodable>(_ data: Data, as type: Answer.Type) throws -> Answer {
    do { return try JSONDecoder().decode(type, from: data) } catch {
      throw JudgingError("\(address) answered with something else than was asked for: \(excerpt(data)).")
    }
  }

  private func refusal(_ status: HTTPResponseStatus, _ data: Data, attempts: Int) -> JudgingError {
    let tries = attempts > 1 ? " \(attempts) times" : ""
    return JudgingError("\(address) refused\(tries) with status \(status.code): \(excerpt(data)).")
  }

  private func delay(after attempt: Int, _ headers: HTTPHeaders) -> Double {
    let asked = headers.first(name: "Retry-After").flatMap(Double.init)
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
