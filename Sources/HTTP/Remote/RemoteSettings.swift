internal import Foundation

/// Where a remote scorer or judge is, and how patiently it is asked.
package struct RemoteSettings: Sendable, Codable, Hashable {
  /// An http or https address: of a reward endpoint the whole of it, of a judge the part before `/chat/completions`
  /// (for example `http://127.0.0.1:8000/v1`). It is reached directly, through no proxy.
  package var address: String
  /// The environment variable that holds the key, sent as `Authorization: Bearer`; `nil` sends none. The key itself is
  /// never stored and never shown.
  package var keyVariable: String?
  /// Seconds within which one request must be answered.
  package var timeout: Double
  /// Tries of one request. The statuses 429, 500, 502, 503 and 504 are tried again, and connections that cannot be made or
  /// break: the requests change nothing on the server, so asking twice is safe.
  package var attempts: Int
  /// Seconds before the second try; doubles with each, up to a minute. A `Retry-After` of the server's is kept to instead.
  package var firstDelay: Double
  /// Requests under way at a time.
  package var concurrency: Int

  package init(
    address: String, keyVariable: String? = nil, timeout: Double = 120, attempts: Int = 4, firstDelay: Double = 1,
    concurrency: Int = 8
  ) {
    self.address = address
    self.keyVariable = keyVariable
    self.timeout = timeout
    self.attempts = attempts
    self.firstDelay = firstDelay
    self.concurrency = concurrency
  }

  /// The longest wait before another try, in seconds.
  static let longestDelay = 60.0

  /// Throws a `RemoteError` that says which setting cannot be.
  package func validate() throws {
    _ = try url()
    guard timeout.isFinite, (0.01...3_600).contains(timeout), firstDelay.isFinite, (0...60).contains(firstDelay),
      (1...20).contains(attempts), (1...256).contains(concurrency)
    else {
      throw RemoteError(
        .settings,
        "The settings of \(address) must be: timeout 0.01 to 3600 s, first delay 0 to 60 s, attempts 1 to 20, "
          + "concurrency 1 to 256.")
    }
  }

  /// The address, without a slash at its end.
  func url() throws -> URL {
    guard let url = URL(string: address.hasSuffix("/") ? String(address.dropLast()) : address),
      ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false
    else {
      throw RemoteError(
        .settings, "'\(address)' is not an http or https address; give one like http://127.0.0.1:8000/v1.")
    }
    guard url.user() == nil, url.password() == nil, url.query() == nil, url.fragment() == nil else {
      throw RemoteError(
        .settings,
        "The address of a remote scorer on \(url.host() ?? "") holds a name, a password or a query; put the key into an "
          + "environment variable and name that.")
    }
    return url
  }

  /// The key that the environment holds.
  func key(in environment: [String: String]) throws -> String? {
    guard let keyVariable else { return nil }
    let key = environment[keyVariable]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw RemoteError(
        .settings,
        "The environment variable '\(keyVariable)' holds no key for \(address); export it, or name none if the server "
          + "needs no key.")
    }
    return key
  }
}
