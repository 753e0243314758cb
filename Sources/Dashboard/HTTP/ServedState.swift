import Dispatch
import FlyingFox
import Foundation
import Synchronization

/// Answers requests as soon as the port is known, on threads of their own: a page reads the store, which may take a while.
final class ServedState: Sendable {
  /// The largest body of a request, in bytes. A label with its note is smaller.
  private static let largestBody = 64 << 10

  private let routes = Mutex<Routes?>(nil)
  private let queue = DispatchQueue(label: "dashboard", attributes: .concurrent)

  func set(_ routes: Routes) { self.routes.withLock { $0 = routes } }

  func reply(to request: HTTPRequest) async -> HTTPResponse {
    guard let routes = routes.withLock({ $0 }) else {
      return Reply.plain(503, "The server is starting.").response(to: nil)
    }
    var body = Data()
    if request.method == .POST {
      guard let count = request.bodySequence.count, count <= Self.largestBody else {
        return Reply.plain(413, "The request is too large.").response(to: nil)
      }
      guard let data = try? await request.bodyData else {
        return Reply.plain(400, "The request broke off.").response(to: nil)
      }
      body = data
    }
    let plain = PlainRequest(request, body: body)
    return await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: routes.reply(to: plain).response(to: plain)) }
    }
  }
}

/// A request as the routes read it.
struct PlainRequest: Sendable {
  var method: String
  /// The parts of the path, decoded; `nil` if the path is not made of plain names.
  var path: [String]?
  var query: Query
  var form: Query
  private var headers: [String: String] = [:]

  init(_ request: HTTPRequest, body: Data) {
    method = request.method.rawValue
    path = Self.parts(request.target.path())
    query = Query(request.target.query())
    form = Query(String(decoding: body, as: UTF8.self))
    for name in ["Host", "Origin", "Cookie", "Sec-Fetch-Site", "If-None-Match", "Content-Type"] {
      headers[name] = request.headers[HTTPHeader(name)]
    }
  }

  func header(_ name: String) -> String? { headers[name] }

  private static func parts(_ path: String) -> [String]? {
    guard path.hasPrefix("/") else { return nil }
    let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map { String($0).removingPercentEncoding }
    let names = parts.compactMap(\.self)
    let isPlain = names.allSatisfy { $0 != "." && $0 != ".." && !$0.contains("/") && !$0.contains("\0") }
    return names.count == parts.count && isPlain ? names : nil
  }
}
