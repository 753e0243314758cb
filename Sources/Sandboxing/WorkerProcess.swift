import CSandbox
import Foundation

/// A running server behind its outer wall, and the connection to it.
///
/// Belongs to one thread from start to end: bubblewrap is told to die with the *thread* that started it.
final class WorkerProcess {
  /// Names of loaded Python modules; a file of an episode with such a name would be passed over by a fast start.
  private(set) var loadedModules: Set<String> = []
  let identifier: pid_t
  private let connection: Int32
  private let errors: Int32

  /// Starts the server and waits until it is ready.
  ///
  /// - Throws: `SandboxError.unavailable` with what bubblewrap or the server wrote.
  init(_ command: BubblewrapCommand) throws {
    guard access(command.bubblewrap, X_OK) == 0 else { throw SandboxError.bubblewrapMissing(command.bubblewrap) }
    var connection: Int32 = -1
    var errors: Int32 = -1
    var arguments = command.arguments.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    identifier = csandbox_spawn(&arguments, &connection, &errors)
    guard identifier > 0 else {
      throw SandboxError.unavailable(
        reason: "\(command.arguments[0]) could not be started: \(String(cString: strerror(-identifier)))",
        remedy: "Install bubblewrap and util-linux (Debian: apt-get install bubblewrap util-linux).")
    }
    self.connection = connection
    self.errors = errors
    do {
      let length = try receive(4).withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
      let names = String(decoding: try receive(Int(length)), as: UTF8.self)
      loadedModules = Set(names.split(separator: "\n").map(String.init))
    } catch {
      throw SandboxError.wallsRefused(end())
    }
  }

  /// Sends a request and waits for its response.
  ///
  /// - Throws: `ConnectionLost` when the server ended before it answered.
  func exchange(_ request: [UInt8]) throws -> WireFormat.Response {
    guard csandbox_send(connection, request, request.count) == 0 else { throw ConnectionLost() }
    let header = WireFormat.ResponseHeader(try receive(WireFormat.responseHeaderBytes))
    return WireFormat.Response(header, body: try receive(header.bodyLength))
  }

  /// Ends the server and everything in it; returns what it wrote on standard error. Called once.
  @discardableResult
  func end() -> String {
    close(connection)
    kill(identifier, SIGKILL)
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
    var text = [UInt8](repeating: 0, count: 4096)
    let count = read(errors, &text, text.count)
    close(errors)
    return String(decoding: text.prefix(max(count, 0)), as: UTF8.self)
      .split(separator: "\n").joined(separator: "; ")
  }

  struct ConnectionLost: Error {}

  private func receive(_ count: Int) throws -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = read(connection, buffer.baseAddress! + filled, count - filled)
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else {
          failed = true
          break
        }
        filled += got
      }
    }
    if failed { throw ConnectionLost() }
    return bytes
  }
}
