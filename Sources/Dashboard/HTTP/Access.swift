import Foundation

/// Who may read and who may write: whoever knows the token, from this machine's own pages only.
struct Access: Sendable {
  let token: String
  let host: String
  let port: UInt16

  /// 32 hexadecimal digits from the system's generator.
  static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  private var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// The address to open first.
  var entrance: URL { URL(string: "http://\(authority)/?token=\(token)") ?? URL(filePath: "/") }

  /// Cookies are shared by all ports of a host, so the name holds the port.
  private var cookieName: String { "subterfuge-\(port)" }

  /// The cookie that stands for the token from then on.
  var cookie: String { "\(cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict" }

  /// Why a request is turned away; `nil` if it may be answered.
  func refusal(_ request: PlainRequest) -> Reply? {
    guard let name = request.header("Host"), authorities.contains(name.lowercased()) else {
      return .plain(421, "This server answers only under its own address, \(authority).")
    }
    guard isKnown(request) else {
      return .plain(401, "Open the address that `subterfuge serve` printed: it holds the token.")
    }
    return request.method == "POST" && !isOwn(request)
      ? .plain(403, "Only the dashboard's own pages may change anything.") : nil
  }

  /// Whether the address holds the token, which then moves into a cookie.
  func opens(_ request: PlainRequest) -> Bool { request.query["token"].map { Self.isEqual($0, token) } ?? false }

  /// Names under which a browser reaches this server. Any other name was made to lead here by somebody else.
  private var authorities: Set<String> {
    let local = ["127.0.0.1", "localhost", "[::1]"].map { "\($0):\(port)" }
    return Set([authority.lowercased()] + (["127.0.0.1", "localhost", "::1"].contains(host) ? local : []))
  }

  private func isKnown(_ request: PlainRequest) -> Bool {
    if opens(request) { return true }
    let cookies = (request.header("Cookie") ?? "").split(separator: ";").map { $0.drop(while: \.isWhitespace) }
    return cookies.contains {
      $0.hasPrefix("\(cookieName)=") && Self.isEqual($0.dropFirst(cookieName.count + 1), token)
    }
  }

  private func isOwn(_ request: PlainRequest) -> Bool {
    guard let origin = request.header("Origin"), let name = request.header("Host") else { return false }
    let site = request.header("Sec-Fetch-Site") ?? "same-origin"
    return origin.lowercased() == "http://\(name.lowercased())" && site == "same-origin"
  }

  /// Compares in a time that depends on the lengths alone.
  private static func isEqual(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    return left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
