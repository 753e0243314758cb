import Foundation

/// A request as the routes read it.
struct PlainRequest: Sendable {
  var method: String
  /// The parts of the path, decoded; `nil` if the path is not made of plain names.
  var path: [String]?
  var query: Query
  var form: Query
  private var headers: [String: String] = [:]

  init(_ head: RequestHead, body: Data) {
    method = head.method
    let parts = head.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = Self.parts(String(parts[0]))
    query = Query(parts.count > 1 ? String(parts[1]) : "")
    form = Query(String(decoding: body, as: UTF8.self))
    for name in ["Host", "Origin", "Cookie", "Sec-Fetch-Site", "If-None-Match", "Content-Type"] {
      headers[name] = head.field(name)
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
