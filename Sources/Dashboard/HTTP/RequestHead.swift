import Foundation

/// The head of an HTTP/1 request: its first line and its fields.
struct RequestHead: Sendable {
  var method: String
  /// As it was sent, beginning with `/`.
  var target: String
  /// By name in lower case; each name once.
  private var fields: [String: String] = [:]
  /// Whether the connection stays open after the answer.
  private(set) var keepsOpen: Bool
  /// How many bytes follow the head.
  private(set) var bodyLength = 0

  /// Names that may be given several times; browsers do so with none that is read here.
  private static let single: Set<String> = ["host", "content-length", "origin", "transfer-encoding"]

  func field(_ name: String) -> String? { fields[name.lowercased()] }

  /// Reads a head, strictly: whatever two readers could understand in two ways is an error.
  ///
  /// - Parameter bytes: the head without the empty line at its end.
  /// - Throws: `RequestProblem`.
  init(_ bytes: some Collection<UInt8>) throws {
    var lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    let parts = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].allSatisfy({ $0.isASCII && $0.isUppercase }), parts[1].hasPrefix("/"),
      parts[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), ["HTTP/1.1", "HTTP/1.0"].contains(parts[2])
    else { throw RequestProblem(400, "The first line is not that of an HTTP/1.1 request.") }
    (method, target) = (String(parts[0]), String(parts[1]))
    keepsOpen = parts[2] == "HTTP/1.1"
    for line in lines { try read(line) }
    if field("Connection")?.lowercased().contains("close") == true { keepsOpen = false }
    try readLength()
  }

  private mutating func read(_ line: String) throws {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy(Self.isToken),
      !parts[1].unicodeScalars.contains(where: { $0.value < 0x20 && $0.value != 0x09 })
    else { throw RequestProblem(400, "A field of the request's head is damaged.") }
    let name = parts[0].lowercased()
    let value = parts[1].trimmingCharacters(in: .whitespaces)
    if let known = fields[name] {
      if Self.single.contains(name) { throw RequestProblem(400, "The request has two fields \(name).") }
      fields[name] = known + (name == "cookie" ? "; " : ", ") + value
    } else {
      fields[name] = value
    }
  }

  private mutating func readLength() throws {
    if field("Transfer-Encoding") != nil {
      throw RequestProblem(411, "A request has to say how long its body is (Content-Length).")
    }
    guard let text = field("Content-Length") else { return }
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
      throw RequestProblem(400, "Content-Length is not a number.")
    }
    // A number too large for an integer is too large for a body.
    bodyLength = Int(text) ?? .max
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f, 0x2e, 0x21, 0x23...0x27, 0x2a, 0x2b, 0x5e, 0x60, 0x7c, 0x7e:
      true
    default: false
    }
  }
}

/// Why a request cannot be read; the connection is closed after the answer.
struct RequestProblem: Error {
  var status: Int
  var text: String

  init(_ status: Int, _ text: String) { (self.status, self.text) = (status, text) }
}
