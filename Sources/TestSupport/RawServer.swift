package import Foundation
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A server on this machine that sends bytes as a test wants, whether they are HTTP or not.
package final class RawServer: Sendable {
  /// What is done with what a client has sent.
  package enum Step: Sendable {
    case send(String)
    /// Sends this many bytes, as fast as the client takes them, and closes.
    case flood(Int)
    case close
  }

  private struct Seen {
    var connections = 0
    var requests: [String] = []
    var flooded = 0
    var closed = 0
  }

  /// Where it listens.
  package let url: URL
  private let channel: any Channel
  private let seen: Log

  /// - Parameter steps: is given the text that ended in an empty line.
  package init(_ steps: @escaping @Sendable (String) -> [Step]) async throws {
    let seen = Log()
    self.seen = seen
    channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          seen.state.withLock { $0.connections += 1 }
          try channel.pipeline.syncOperations.addHandler(Handler(steps, seen))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    guard let url = URL(string: "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/") else {
      throw CocoaError(.featureUnsupported)
    }
    self.url = url
  }

  deinit { channel.close(promise: nil) }

  /// Connections that were opened, and those that the client has closed.
  package var connections: Int { seen.state.withLock { $0.connections } }
  package var closed: Int { seen.state.withLock { $0.closed } }
  /// What was asked so far, in order.
  package var requests: [String] { seen.state.withLock { $0.requests } }
  /// Bytes of floods that have left this side.
  package var flooded: Int { seen.state.withLock { $0.flooded } }

  private final class Log: Sendable {
    let state = Mutex(Seen())
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let steps: @Sendable (String) -> [Step]
    private let seen: Log
    private var text = ""

    init(_ steps: @escaping @Sendable (String) -> [Step], _ seen: Log) {
      (self.steps, self.seen) = (steps, seen)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      text += String(buffer: unwrapInboundIn(data))
      guard text.contains("\r\n\r\n") else { return }
      seen.state.withLock { $0.requests.append(text) }
      for step in steps(text) {
        switch step {
        case .send(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        case .flood(let bytes): flood(bytes, context)
        case .close: context.close(promise: nil)
        }
      }
      text = ""
    }

    /// One piece after the other, each when the one before has left.
    private func flood(_ left: Int, _ context: ChannelHandlerContext) {
      guard left > 0 else { return context.close(promise: nil) }
      let count = min(left, 64 << 10)
      let (bound, seen) = (NIOLoopBound((self, context), eventLoop: context.eventLoop), seen)
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(repeating: 120, count: count))).whenSuccess {
        seen.state.withLock { $0.flooded += count }
        bound.value.0.flood(left - count, bound.value.1)
      }
    }

    func channelInactive(context: ChannelHandlerContext) { seen.state.withLock { $0.closed += 1 } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
