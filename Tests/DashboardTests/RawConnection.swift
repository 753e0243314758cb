import Foundation

/// A TCP connection on which a test says and hears single bytes. Calls block their thread.
final class RawConnection: Sendable {
  private let file: Int32

  init(_ port: UInt16) throws {
    file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw CocoaError(.fileReadUnknown) }
    // A server that never answers fails the test.
    var time = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(file) }

  /// - Returns: whether the other side still took it.
  @discardableResult
  func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return Foundation.send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Says that nothing more will be sent, as a browser that is closed.
  func leave() { shutdown(file, Int32(SHUT_WR)) }

  /// Everything until the server ends the connection.
  func receiveAll() -> String {
    var all: [UInt8] = []
    while let bytes = receive() { all += bytes }
    return String(decoding: all, as: UTF8.self)
  }

  /// One answer with the body that its head announces; `nil` at the end.
  func receiveAnswer() -> String? {
    var all: [UInt8] = []
    while let bytes = receive() {
      all += bytes
      let text = String(decoding: all, as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n"), let length = text.firstMatch(of: /Content-Length: (\d+)/) else {
        continue
      }
      if text[end.upperBound...].utf8.count >= Int(length.1) ?? 0 { return text }
    }
    return nil
  }

  /// Whether the server ended the connection without a word, or with an error.
  func waitForEnd() -> Bool {
    while let bytes = receive() { if bytes.isEmpty { return false } }
    return true
  }

  /// `nil` at the end of the connection; empty when nothing came for a minute.
  private func receive() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(file, &buffer, buffer.count, 0)
    if count > 0 { return Array(buffer[..<count]) }
    return count < 0 && errno == EAGAIN ? [] : nil
  }
}
