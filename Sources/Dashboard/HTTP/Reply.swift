import FlyingFox
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

  /// - Parameter request: `nil` where nothing is known of it.
  func response(to request: PlainRequest?) -> HTTPResponse {
    var all = [
      "Content-Type": type, "Content-Security-Policy": Self.policy, "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
    ]
    var (status, body) = (status, body)
    if status == 200, type.hasPrefix("text/") {
      let tag = "\"\(Self.hash(body))\""
      all["ETag"] = tag
      all["Cache-Control"] = "private, no-cache"
      if request?.header("If-None-Match") == tag { (status, body) = (304, Data()) }
    }
    all.merge(headers) { $1 }
    if request?.method == "HEAD" {
      all["Content-Length"] = "\(body.count)"
      body = Data()
    }
    var fields = HTTPHeaders()
    for (name, value) in all { fields[HTTPHeader(name)] = value }
    return HTTPResponse(statusCode: Self.code(status), headers: fields, body: body)
  }

  private static func code(_ status: Int) -> HTTPStatusCode {
    let known: [HTTPStatusCode] = [
      .ok, .seeOther, .notModified, .badRequest, .unauthorized, .forbidden, .notFound, .methodNotAllowed, .conflict,
      .payloadTooLarge, .misdirectedRequest, .internalServerError, .serviceUnavailable,
    ]
    return known.first { $0.code == status } ?? .internalServerError
  }

  /// FNV-1a: pages are compared with themselves, not with a stranger's.
  private static func hash(_ data: Data) -> String {
    String(data.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
  }
}
