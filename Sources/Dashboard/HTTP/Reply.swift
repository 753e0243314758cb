import Foundation
import Reporting

/// What is answered.
struct Reply: Sendable {
  var status: Int
  var type: String
  var body: Data
  var headers: [String: String] = [:]

  static func page(_ markup: Markup, status: Int = 200) -> Reply {
    Reply(status: status, type: "text/html; charset=utf-8", body: Data(markup.html.utf8))
  }

  static func plain(_ status: Int, _ text: String) -> Reply {
    Reply(status: status, type: "text/plain; charset=utf-8", body: Data((text + "\n").utf8))
  }

  static func redirect(_ address: String, headers: [String: String] = [:]) -> Reply {
    Reply(
      status: 303, type: "text/plain; charset=utf-8", body: Data(),
      headers: headers.merging(["Location": address]) { $1 })
  }

  /// Scripts and style sheets from this server alone. The style attributes are widths and shades that the report's tables
  /// carry; no text of a model gets into one.
  private static let policy = """
    default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; connect-src 'self'; \
    img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
    """

  /// A report that `subterfuge report` wrote brings its own style sheet and no script.
  static let reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

  /// The answer as it is sent.
  ///
  /// - Parameter request: `nil` where the request could not be read.
  func bytes(to request: PlainRequest?, keepsOpen: Bool) -> Data {
    var fields = [
      "Content-Type": type, "Content-Security-Policy": Self.policy, "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
      "Connection": keepsOpen ? "keep-alive" : "close",
    ]
    var (status, body) = (status, body)
    if status == 200, type.hasPrefix("text/") {
      let tag = "\"\(Self.hash(body))\""
      fields["ETag"] = tag
      fields["Cache-Control"] = "private, no-cache"
      if request?.header("If-None-Match") == tag { (status, body) = (304, Data()) }
    }
    if status != 304 { fields["Content-Length"] = "\(body.count)" }
    fields.merge(headers) { $1 }
    if request?.method == "HEAD" { body = Data() }
    let lines = fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.singleLine)\r\n" }.joined()
    return Data("HTTP/1.1 \(status) \(Self.phrases[status] ?? "Error")\r\n\(lines)\r\n".utf8) + body
  }

  private static let phrases = [
    200: "OK", 303: "See Other", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict", 411: "Length Required",
    413: "Content Too Large", 421: "Misdirected Request", 431: "Request Header Fields Too Large",
    500: "Internal Server Error", 503: "Service Unavailable",
  ]

  /// FNV-1a: pages are compared with themselves, not with a stranger's.
  private static func hash(_ data: Data) -> String {
    String(data.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
  }
}

extension String {
  /// The text without control characters, which would end a field of a head.
  fileprivate var singleLine: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))
  }
}
