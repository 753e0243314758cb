package import Foundation
internal import NIOCore
package import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// A server on this machine that answers posts as a test wants, faults included, and remembers what it was asked.
package final class RemoteServer: Sendable {
  /// A post as it arrived.
  package struct Request: Sendable {
    package let path: String
    package let headers: HTTPHeaders
    package let body: Data
  }

  /// What the server does with a post.
  package struct Answer: Sendable {
    package var status: HTTPResponseStatus
    package var headers: [String: String]
    package var body: String
    package var fault: Fault?

    package init(
      status: HTTPResponseStatus = .ok, headers: [String: String] = [:], body: String = "", fault: Fault? = nil
    ) {
      self.status = status
      self.headers = headers
      self.body = body
      self.fault = fault
    }
  }

  /// How a server can fail to answer.
  package enum Fault: Sendable {
    /// It says nothing and keeps the connection.
    case silence
    /// It closes the connection without an answer.
    case drop
  }

  /// Where it listens, for example `http://127.0.0.1:40001`.
  package let address: String
  private let channel: any Channel
  private let log: Log

  /// - Parameter answer: is given the request and how many came before it.
  package init(_ answer: @escaping @Sendable (Request, Int) -> Answer) async throws {
    let log = Log()
    self.log = log
    channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
          try channel.pipeline.syncOperations.addHandler(Handler { answer($0, log.add($0)) })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    address = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
  }

  /// Everything that it was asked, in order.
  package var requests: [Request] { log.requests.withLock { $0 } }

  deinit { channel.close(promise: nil) }

  private final class Log: Sendable {
    let requests = Mutex<[Request]>([])

    func add(_ request: Request) -> Int {
      requests.withLock { list in
        list.append(request)
        return list.count - 1
      }
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (Request) -> Answer
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    package init(_ answer: @escaping @Sendable (Request) -> Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        self.head = head
        body.clear()
      case .body(var part): body.writeBuffer(&part)
      case .end:
        guard let head else { return }
        send(
          answer(Request(path: head.uri, headers: head.headers, body: Data(body.readableBytesView))), context)
      }
    }

    private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
      switch answer.fault {
      case .silence: return
      case .drop: return context.close(promise: nil)
      case nil: break
      }
      var headers = HTTPHeaders(answer.headers.map { ($0.key, $0.value) })
      headers.add(name: "Content-Length", value: "\(answer.body.utf8.count)")
      let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
