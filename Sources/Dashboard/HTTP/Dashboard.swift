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
    package var limits = ConnectionLimits()

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
    let listener = try ListeningSocket(host: configuration.host, port: configuration.port)
    let access = Access(token: token, host: configuration.host, port: listener.port)
    let routes = Routes(access: access, library: RunLibrary(configuration))
    let table = ConnectionTable(limit: configuration.limits.connections)
    ready(access.entrance)
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          self.accept(listener, table, routes)
          continuation.resume()
        }
      }
    } onCancel: {
      listener.stop()
    }
    table.stop()
  }

  /// Gives every connection a thread of its own: a page reads the store, which may take a while.
  private func accept(_ listener: ListeningSocket, _ table: ConnectionTable, _ routes: Routes) {
    while let file = listener.accept() {
      guard table.add(file) else {
        close(file)
        continue
      }
      Thread.detachNewThread { [limits = configuration.limits] in
        Connection(file: file, limits: limits, table: table).serve(routes.reply)
      }
    }
  }
}

/// Why the dashboard cannot be served.
package enum DashboardError: LocalizedError {
  case badHost(String)
  case cannotListen(host: String, port: Int, isTaken: Bool, detail: String)

  package var errorDescription: String? {
    switch self {
    case .badHost(let host): "--host \(host) is not an IP address. Use 127.0.0.1 to serve this machine only."
    case .cannotListen(let host, let port, true, _):
      "Port \(port) of \(host) is in use. Choose another with --port, or leave --port out to get a free one."
    case .cannotListen(let host, let port, false, let detail):
      "The dashboard cannot listen on \(host), port \(port) (\(detail)). Choose another --host or --port."
    }
  }
}
