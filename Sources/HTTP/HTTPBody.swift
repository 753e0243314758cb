package import Foundation

/// The bytes of an answer in pieces, as they come. The server is held back while nobody takes them, and the exchange ends when
/// the body is dropped.
package struct HTTPBody: AsyncSequence, Sendable {
  package typealias Element = Data

  let exchange: Exchange
  private let lifetime: Lifetime

  init(_ exchange: Exchange) {
    self.exchange = exchange
    lifetime = Lifetime(exchange)
  }

  /// - Throws: `HTTPFailure`, `CancellationError`.
  package struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let body: HTTPBody

    package mutating func next() async throws -> Data? { try await body.exchange.nextPiece() }
  }

  package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }

  /// All of it.
  ///
  /// - Throws: `HTTPFailure.tooLong` when it has more bytes than `limit`, and what a piece throws.
  package func collect(upTo limit: Int) async throws -> Data {
    var whole = Data()
    for try await piece in self {
      guard whole.count + piece.count <= limit else { throw HTTPFailure.tooLong(bytes: limit) }
      whole.append(piece)
    }
    return whole
  }

  private final class Lifetime: Sendable {
    private let exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }

    deinit { exchange.stop() }
  }
}
