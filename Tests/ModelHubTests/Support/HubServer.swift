import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on this machine that answers as a test wants, faults included, and remembers what it was asked.
final class HubServer: Sendable {
  struct Request: Sendable {
    var path: String
    var headers: HTTPHeaders

    var range: String? { headers.first(name: "Range") }
    var token: String? { headers.first(name: "Authorization") }
  }

  struct Answer: Sendable {
    /// What happens when the body, or the part of it that is sent, is out.
    enum End: Sendable { case complete, cut, hang }

    var status: HTTPResponseStatus = .ok
    var headers: [String: String] = [:]
    var body = Data()
    /// How many bytes of the body are sent; `nil` sends all.
    var sent: Int?
    var end = End.complete
    /// `false` sends the body in chunks, without saying how long it is.
    var announcesLength = true
  }

  /// The address, for `HF_ENDPOINT`.
  let endpoint: String
  private let channel: any Channel
  private let log: Log

  init(_ answer: @escaping @Sendable (Request) -> Answer) async throws {
    let log = Log()
    self.log = log
    channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
          try channel.pipeline.syncOperations.addHandler(
            Handler { request in
              log.requests.withLock { $0.append(request) }
              return answer(request)
            })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    endpoint = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
  }

  /// Everything asked so far, in order.
  var requests: [Request] { log.requests.withLock { $0 } }

  func requests(for suffix: String) -> [Request] { requests.filter { $0.path.hasSuffix(suffix) } }

  deinit { channel.close(promise: nil) }

  private final class Log: Sendable {
    let requests = Mutex<[Request]>([])
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (Request) -> Answer
    private var head: HTTPRequestHead?

    init(_ answer: @escaping @Sendable (Request) -> Answer) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): self.head = head
      case .body: break
      case .end:
        guard let head else { return }
        send(answer(Request(path: head.uri, headers: head.headers)), context)
      }
    }

    private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
      var headers = HTTPHeaders(answer.headers.map { ($0.key, $0.value) })
      if answer.announcesLength, !headers.contains(name: "Content-Length") {
        headers.add(name: "Content-Length", value: "\(answer.body.count)")
      }
      let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      let bytes = ByteBuffer(bytes: answer.body.prefix(answer.sent ?? .max))
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
      switch answer.end {
      case .complete: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      case .cut: context.close(promise: nil)
      case .hang: break
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
