package import Foundation

/// What is asked of a server.
package struct HTTPRequest: Sendable {
  package var url: URL
  package var headers: [(name: String, value: String)] = []
  /// Posted where there is one; without one the request is a GET.
  package var body: Data?

  package init(_ url: URL, headers: [(name: String, value: String)] = [], body: Data? = nil) {
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// The head of a server's answer, and the body as it comes.
package struct HTTPResponse: Sendable {
  package let status: Int
  /// The status with its words: `503 Service Unavailable`.
  package let statusLine: String
  package let headers: HTTPHeaders
  package let body: HTTPBody
}

/// The headers of an answer; names are compared without case.
package struct HTTPHeaders: Sendable {
  private var lines: [(name: String, value: String)] = []

  package init() {}

  /// The first value of this name.
  package subscript(name: String) -> String? {
    lines.first { $0.name.caseInsensitiveCompare(name) == .orderedSame }?.value
  }

  /// Takes a line such as `ETag: "a"`; one without a colon is left out.
  mutating func add(line: String) {
    guard let colon = line.firstIndex(of: ":") else { return }
    lines.append((String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)))
  }
}

/// Why there is no answer, or only a part of one.
package enum HTTPFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The server did not take the connection in time.
  case noConnectionInTime
  /// No byte came for as long as the client waits.
  case silent
  /// The whole exchange took longer than it may.
  case outOfTime
  /// There was a connection, and it broke or something else than HTTP came; what the library says of it.
  case broken(String)
  /// There was no connection: an unknown name, a refusal, a certificate.
  case notReached(String)
  /// The request cannot be asked.
  case unusable(String)
  /// The body has more bytes than are read.
  case tooLong(bytes: Int)

  package var description: String {
    switch self {
    case .noConnectionInTime: "the server does not answer"
    case .silent: "the server is silent"
    case .outOfTime: "the server did not answer in time"
    case .broken: "the connection broke"
    case .notReached(let words), .unusable(let words): words
    case .tooLong(let bytes): "the answer is longer than \(bytes >> 20) MiB"
    }
  }
}
