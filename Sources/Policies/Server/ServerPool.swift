internal import Episodes
internal import Foundation
internal import HTTP

/// Several servers of one model. A turn goes to the server with the fewest turns under way; one whose connection breaks gets none
/// for a while, and the turn is asked of another. No answer was accepted, so nothing is drawn twice.
actor ServerPool {
  private struct Place {
    let server: any TokenServer
    var underWay = 0
    /// When it may be asked again.
    var restsUntil: ContinuousClock.Instant?
  }

  private var places: [Place]
  /// The tokens at the end of the context that some server does not use.
  let reserve: Int
  /// Turns under way by adapter.
  private var uses: [String: Int] = [:]
  /// How long a server that was away is left alone.
  private let rest: Duration
  /// How long all servers may be away before the run ends.
  private let patience: Duration

  init(_ servers: [any TokenServer], rest: Duration = .seconds(5), patience: Duration = .seconds(120)) {
    places = servers.map { Place(server: $0) }
    reserve = servers.map { $0.reserve }.max() ?? 0
    self.rest = rest
    self.patience = patience
  }

  /// What one of the servers answers.
  ///
  /// - Throws: a `RemoteRunError` when all stay away or one refuses; an `EpisodeFailure` when one takes too long.
  func generate(_ request: TokenRequest) async throws -> TokenAnswer {
    let start = ContinuousClock.now
    uses[request.adapter ?? "", default: 0] += 1
    defer { uses[request.adapter ?? "", default: 1] -= 1 }
    while true {
      let index = try await choose(since: start)
      places[index].underWay += 1
      do {
        let answer = try await places[index].server.generate(request)
        places[index].underWay -= 1
        places[index].restsUntil = nil
        return answer
      } catch let error as RemoteError {
        places[index].underWay -= 1
        guard isAway(error) else { throw Self.ending(error) }
        places[index].restsUntil = ContinuousClock.now + rest
        if places.allSatisfy({ $0.restsUntil != nil }), ContinuousClock.now - start > patience {
          throw RemoteRunError(error.description)
        }
      } catch {
        places[index].underWay -= 1
        throw error
      }
    }
  }

  /// Returns when no turn uses an adapter: one that is forgotten too early breaks the turns under way.
  ///
  /// - Throws: `CancellationError`.
  func whenUnused(adapter name: String) async throws {
    while uses[name, default: 0] > 0 { try await Task.sleep(for: .milliseconds(20)) }
    uses[name] = nil
  }

  /// Does something on every server, in order.
  ///
  /// - Throws: a `RemoteRunError`.
  func onEach(_ work: @Sendable (any TokenServer) async throws -> Void) async throws {
    for place in places {
      do { try await work(place.server) } catch let error as RemoteError { throw RemoteRunError(error.description) }
    }
  }

  /// The server with the fewest turns under way, of those that may be asked. While none may be, waits for the first.
  private func choose(since start: ContinuousClock.Instant) async throws -> Int {
    while true {
      let now = ContinuousClock.now
      let ready = places.indices.filter { places[$0].restsUntil.map { $0 <= now } ?? true }
      if let index = ready.min(by: { places[$0].underWay < places[$1].underWay }) { return index }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  private func isAway(_ error: RemoteError) -> Bool {
    switch error.kind {
    case .unreachable: true
    case .refused(let status): [429, 500, 502, 503, 504].contains(status)
    case .settings, .late, .malformed: false
    }
  }

  private static func ending(_ error: RemoteError) -> any Error {
    error.kind == .late
      ? EpisodeFailure(boundary: .policy, message: error.description) : RemoteRunError(error.description)
  }
}
