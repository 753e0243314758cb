import FlyingFox
import FlyingSocks
package import Episodes
package import Foundation
package import Runs
package import Storage

/// A server of pages over a folder of runs.
///
///     let dashboard = Dashboard(.init(runs: folder, outline: { try $0.outline() }))
///     try await dashboard.run { print($0) }
package final class Dashboard: Sendable {
  /// What is served, where and to whom.
  package struct Configuration: Sendable {
    package var runs: URL
    package var host: String
    /// 0 lets the system choose.
    package var port: UInt16
    /// The rater whose labels may be written; `nil` serves everything for reading only.
    package var rater: String?
    /// What a store's run consists of.
    package var outline: @Sendable (RunStore) throws -> RunOutline
    /// Writes tokens of a checkpoint as text; `nil` where the checkpoint's file cannot be read.
    package var spelling: @Sendable (_ checkpoint: URL) -> (@Sendable ([Int32]) -> [String])?
    /// The log-probabilities of a transcript's drawn tokens under a checkpoint as the trainer computes them, in order. It may
    /// end early where the text is longer than the model's context.
    package var trainerScores:
      @Sendable (_ store: RunStore, _ checkpoint: URL, _ transcript: Transcript) throws -> [Float]
    /// Where search indexes are kept.
    package var cache: URL

    package init(
      runs: URL, host: String = "127.0.0.1", port: UInt16 = 0, rater: String? = nil, cache: URL,
      outline: @escaping @Sendable (RunStore) throws -> RunOutline,
      spelling: @escaping @Sendable (URL) -> (@Sendable ([Int32]) -> [String])? = { _ in nil },
      trainerScores: @escaping @Sendable (RunStore, URL, Transcript) throws -> [Float] = { _, _, _ in [] }
    ) {
      (self.runs, self.host, self.port, self.rater, self.cache) = (runs, host, port, rater, cache)
      (self.outline, self.spelling, self.trainerScores) = (outline, spelling, trainerScores)
    }
  }

  /// Requests take this long at most. Pages answer within a second; the rest is for a slow disk.
  private static let timeout = 60.0

  private let configuration: Configuration
  private let token: String

  package init(_ configuration: Configuration) {
    self.configuration = configuration
    token = Access.newToken()
  }

  /// Serves until the task is cancelled.
  ///
  /// - Parameter ready: gets the address to open, which holds the token, when the server listens.
  /// - Throws: `DashboardError` if the port or the host cannot be used.
  package func run(ready: @escaping @Sendable (URL) -> Void) async throws {
    let state = ServedState()
    let server = HTTPServer(
      address: try address(), timeout: Self.timeout, logger: .disabled,
      handler: ClosureHTTPHandler { await state.reply(to: $0) })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.listen(server) }
      group.addTask {
        try await server.waitUntilListening(timeout: 10)
        guard let port = await server.listeningAddress?.port else { throw DashboardError.notListening }
        let access = Access(token: self.token, host: self.configuration.host, port: port)
        state.set(Routes(access: access, library: RunLibrary(self.configuration)))
        ready(access.entrance)
      }
      try await group.next()
      try await group.next()
    }
  }

  private func listen(_ server: HTTPServer) async throws {
    do {
      try await withTaskCancellationHandler {
        try await server.run()
      } onCancel: {
        Task { await server.stop() }
      }
    } catch let SocketError.failed(_, errno, message) {
      if Task.isCancelled { return }
      throw DashboardError.cannotListen(
        host: configuration.host, port: Int(configuration.port), isTaken: errno == EADDRINUSE, detail: message)
    } catch {
      if !Task.isCancelled { throw error }
    }
  }

  private func address() throws -> any SocketAddress {
    let host = configuration.host == "localhost" ? "127.0.0.1" : configuration.host
    do {
      return host.contains(":")
        ? try sockaddr_in6.inet6(ip6: host, port: configuration.port)
        : try sockaddr_in.inet(ip4: host, port: configuration.port)
    } catch {
      throw DashboardError.badHost(configuration.host)
    }
  }
}

/// Why the dashboard cannot be served.
package enum DashboardError: LocalizedError {
  case badHost(String)
  case cannotListen(host: String, port: Int, isTaken: Bool, detail: String)
  case notListening

  package var errorDescription: String? {
    switch self {
    case .badHost(let host): "--host \(host) is not an IP address. Use 127.0.0.1 to serve this machine only."
    case .cannotListen(let host, let port, true, _):
      "Port \(port) of \(host) is in use. Choose another with --port, or leave --port out to get a free one."
    case .cannotListen(let host, let port, false, let detail):
      "The dashboard cannot listen on \(host), port \(port) (\(detail)). Choose another --host or --port."
    case .notListening: "The dashboard could not be started: the system named no port. Choose one with --port."
    }
  }
}

extension Socket.Address {
  fileprivate var port: UInt16? {
    switch self {
    case .ip4(_, let port), .ip6(_, let port): port
    case .unix: nil
    }
  }
}
