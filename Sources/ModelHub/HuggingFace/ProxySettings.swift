internal import Foundation
internal import HTTP

/// The proxy that the person's environment names for a server, as curl reads it.
struct ProxySettings {
  let environment: [String: String]

  /// The proxy for a server; `nil` when it is reached directly.
  ///
  /// - Throws: `HubError` when the variable holds no address.
  func proxy(for server: URL) throws -> HTTPProxy? {
    let scheme = server.scheme ?? "https"
    // Not HTTP_PROXY: where this program is run by a web server, a request can set that.
    let names = ["\(scheme)_proxy", scheme == "https" ? "HTTPS_PROXY" : nil, "all_proxy", "ALL_PROXY"]
    let named = names.compactMap { $0 }.first { !(environment[$0] ?? "").isEmpty }
    guard let named, let text = environment[named], !isDirect(server.host() ?? "") else { return nil }
    guard let address = URL(string: text.contains("://") ? text : "http://" + text), let host = address.host(),
      address.scheme == "http"
    else { throw HubError("\(named) is '\(text)', which is not the address of an http proxy.") }
    let user = address.user(percentEncoded: false)
    return HTTPProxy(
      address: "http://\(host):\(address.port ?? 80)", user: user,
      password: user.map { _ in address.password(percentEncoded: false) ?? "" })
  }

  /// Whether a host is on this machine or named by `NO_PROXY`.
  private func isDirect(_ host: String) -> Bool {
    if ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host) { return true }
    let list = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
    return list.split(separator: ",").contains { entry in
      let name = entry.trimmingCharacters(in: .whitespaces).drop { $0 == "." }
      return name == "*" || (!name.isEmpty && (host == name || host.hasSuffix("." + name)))
    }
  }
}
