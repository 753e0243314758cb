import Foundation
import Synchronization

/// A TCP socket that takes connections.
final class ListeningSocket: Sendable {
  /// The port, which the system chose where 0 was asked for.
  let port: UInt16
  /// `nil` once it is closed.
  private let file: Mutex<Int32?>

  /// - Throws: `DashboardError` if the host is no address or the port cannot be used.
  init(host: String, port: UInt16) throws {
    let name = host == "localhost" ? "127.0.0.1" : host
    var hints = addrinfo()
    (hints.ai_flags, hints.ai_socktype) = (AI_NUMERICHOST | AI_NUMERICSERV, Int32(SOCK_STREAM.rawValue))
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, "\(port)", &hints, &found) == 0, let address = found else {
      throw DashboardError.badHost(host)
    }
    defer { freeaddrinfo(found) }
    let file = socket(address.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var isOn: Int32 = 1
    setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
    guard file >= 0, bind(file, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0,
      listen(file, SOMAXCONN) == 0, let chosen = Self.port(of: file)
    else {
      let code = errno
      if file >= 0 { close(file) }
      throw DashboardError.cannotListen(
        host: host, port: Int(port), isTaken: code == EADDRINUSE, detail: String(cString: strerror(code)))
    }
    self.port = chosen
    self.file = Mutex(file)
  }

  deinit { file.withLock { file in file.map { _ = close($0) } } }

  /// The next connection; `nil` once `stop` was called.
  func accept() -> Int32? {
    while let file = file.withLock({ $0 }) {
      let connection = Foundation.accept(file, nil, nil)
      if connection >= 0 {
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        return connection
      }
      switch errno {
      case EINVAL, EBADF: return nil
      // Out of files or memory: connections that end make room.
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: usleep(50_000)
      default: break
      }
    }
    return nil
  }

  /// Ends `accept`, also one that waits on another thread.
  func stop() { file.withLock { file in file.map { _ = shutdown($0, Int32(SHUT_RDWR)) } } }

  private static func port(of file: Int32) -> UInt16? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let isKnown = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(file, $0, &length) == 0 }
    }
    guard isKnown else { return nil }
    // The port stands at the same place in addresses of both kinds.
    return withUnsafePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
    }
  }
}
