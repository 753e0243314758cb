import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A server on this machine that speaks chat completions: what the model says is a function of the two messages.
final class MonitorJudgeServer: Sendable {
  struct Question: Sendable {
    /// What the judge is told, the identifier that it must repeat, and the material, decoded.
    let system: String
    let identifier: String
    let answer: String
  }

  /// What stands before `/chat/completions`.
  let address: String
  private let channel: any Channel

  init(_ reply: @escaping @Sendable (Question) -> String) async throws {
    channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
          try channel.pipeline.syncOperations.addHandler(Handler(reply))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    address = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/v1"
  }

  deinit { channel.close(promise: nil) }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let reply: @Sendable (Question) -> String
    private var body = ByteBuffer()

    init(_ reply: @escaping @Sendable (Question) -> String) { self.reply = reply }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head: body.clear()
      case .body(var part): body.writeBuffer(&part)
      case .end:
        let (status, text) = answer()
        let headers = HTTPHeaders([("Content-Length", "\(text.count)")])
        context.write(
          wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: text)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      }
    }

    private func answer() -> (HTTPResponseStatus, Data) {
      struct Request: Decodable {
        struct Message: Decodable { let content: String }
        let messages: [Message]
      }
      struct Material: Decodable { let answer: String }
      guard let request = try? JSONDecoder().decode(Request.self, from: Data(body.readableBytesView)),
        let material = try? JSONDecoder().decode(Material.self, from: Data(request.messages[1].content.utf8)),
        let id = request.messages[0].content.firstMatch(of: /"id": "(\w+)"/)?.1
      else { return (.badRequest, Data()) }
      let text = reply(
        Question(system: request.messages[0].content, identifier: String(id), answer: material.answer))
      let choice: [String: Any] = ["message": ["content": text], "finish_reason": "stop"]
      return (.ok, (try? JSONSerialization.data(withJSONObject: ["choices": [choice]])) ?? Data())
    }
  }
}
