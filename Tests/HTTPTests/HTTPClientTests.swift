import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

/// Asked of a server that sends its bytes as it likes; fetching and judging have tests of their own.
@Suite struct HTTPClientTests {
  private static let fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Note:  a: b \r\n\r\nhi"

  private func answer(_ steps: [RawServer.Step], limits: HTTPLimits = HTTPLimits()) async throws -> (String, String) {
    let server = try await RawServer { _ in steps }
    let response = try await HTTPClient(limits: limits).send(HTTPRequest(server.url))
    return (response.statusLine, String(decoding: try await response.body.collect(upTo: 1 << 20), as: UTF8.self))
  }

  private func failure(_ steps: [RawServer.Step], limits: HTTPLimits = HTTPLimits()) async -> HTTPFailure? {
    do {
      _ = try await answer(steps, limits: limits)
      return nil
    } catch { return error as? HTTPFailure }
  }

  @Test func oneConnectionIsUsedAgain() async throws {
    let server = try await RawServer { _ in [.send(Self.fine)] }
    let client = HTTPClient()
    for body in [nil, Data("question".utf8), nil] {
      let response = try await client.send(HTTPRequest(server.url, headers: [("X-Name", "ann")], body: body))
      #expect(response.status == 200 && response.statusLine == "200 OK" && response.headers["x-note"] == "a: b")
      #expect(try await response.body.collect(upTo: 2) == Data("hi".utf8))
    }
    #expect(server.connections == 1)
    #expect(server.requests.map { $0.prefix { $0 != " " } } == ["GET", "POST", "GET"])
    #expect(server.requests.allSatisfy { $0.contains("X-Name: ann\r\n") && !$0.contains("Expect") })
    #expect(server.requests[1].hasSuffix("\r\n\r\nquestion"))
  }

  @Test func answersAreReadAsTheyCome() async throws {
    let early = "HTTP/1.1 103 Early Hints\r\nX-A: b\r\n\r\n"
    #expect(try await answer([.send(early), .send(Self.fine)]) == ("200 OK", "hi"))
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"
    #expect(try await answer([.send(chunks)]) == ("200 OK", "abcde"))
    #expect(try await answer([.send("HTTP/1.1 204 No Content\r\n\r\n")]) == ("204 No Content", ""))
    #expect(try await answer([.send("HTTP/1.0 404 Gone\r\n\r\nno"), .close]) == ("404 Gone", "no"))
    let elsewhere = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    #expect(try await answer([.send(elsewhere)]) == ("302 Found", ""))
  }

  @Test func whatIsNoAnswerIsToldApart() async throws {
    #expect(await failure([.close]).map { if case .broken = $0 { true } else { false } } == true)
    #expect(await failure([.send("SSH-2.0-OpenSSH\r\n"), .close])?.description == "the connection broke")
    #expect(
      await failure([.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), .close])?.description
        == "the connection broke")
    #expect(await failure([], limits: HTTPLimits(silence: 0.1)) == .silent)
    #expect(await failure([], limits: HTTPLimits(total: 0.1)) == .outOfTime)
    let endless =
      "HTTP/1.1 200 OK\r\n" + String(repeating: "X-A: \(String(repeating: "b", count: 1_000))\r\n", count: 300)
    #expect(await failure([.send(endless)]).map { if case .broken = $0 { true } else { false } } == true)
    let long = await failure([.send("HTTP/1.1 200 OK\r\n\r\n"), .flood(4 << 20)])
    #expect(long == .tooLong(bytes: 1 << 20))
  }

  @Test func whatCannotBeAskedIsNot() async throws {
    let server = try await RawServer { _ in [.send(Self.fine)] }
    for headers in [[("X-A", "b\r\nX-C: d")], [("X-A\n", "b")]] {
      await #expect(throws: HTTPFailure.self) { try await HTTPClient().send(HTTPRequest(server.url, headers: headers)) }
    }
    let file = try #require(URL(string: "file:///etc/hostname"))
    await #expect(throws: HTTPFailure.self) { try await HTTPClient().send(HTTPRequest(file)) }
    #expect(server.requests.isEmpty)
    let nowhere = try #require(URL(string: "http://127.0.0.1:1/"))
    await #expect(throws: HTTPFailure.notReached("Connection refused")) {
      try await HTTPClient().send(HTTPRequest(nowhere))
    }
  }

  @Test func aServerIsHeldBackWhileNobodyReads() async throws {
    let server = try await RawServer { _ in [.send("HTTP/1.1 200 OK\r\n\r\n"), .flood(256 << 20)] }
    let response = try await HTTPClient(limits: HTTPLimits(silence: 5)).send(HTTPRequest(server.url))
    var pieces = response.body.makeAsyncIterator()
    var count = try await pieces.next()?.count ?? 0
    try await Task.sleep(for: .milliseconds(300))
    // Besides the client's, the two ends of the connection have buffers of some megabytes.
    #expect(server.flooded < 64 << 20)
    while let piece = try await pieces.next() { count += piece.count }
    #expect(count == 256 << 20)
  }

  @Test func whoStopsReadingEndsTheExchange() async throws {
    let server = try await RawServer { _ in [.send("HTTP/1.1 200 OK\r\n\r\n"), .flood(1 << 30)] }
    do { _ = try await HTTPClient().send(HTTPRequest(server.url)) }
    for _ in 0..<100 where server.closed == 0 { try await Task.sleep(for: .milliseconds(20)) }
    #expect(server.closed == 1)
  }

  @Test(arguments: [true, false]) func aCancelledTaskWaitsNoLonger(afterHead: Bool) async throws {
    let server = try await RawServer { _ in afterHead ? [.send("HTTP/1.1 200 OK\r\n\r\n")] : [] }
    let start = ContinuousClock.now
    let task = Task {
      let response = try await HTTPClient().send(HTTPRequest(server.url))
      return try await response.body.collect(upTo: 10)
    }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  /// Each task is cancelled at some moment of its exchange, that of its waking too.
  @Test func answersAndCancellationsMayMeet() async throws {
    let server = try await RawServer { _ in [.send(Self.fine)] }
    let client = HTTPClient()
    let ended = Mutex(0)
    for started in stride(from: 8, through: 2_000, by: 8) {
      for _ in 0..<8 {
        let task = Task { @Sendable in
          _ = try? await client.send(HTTPRequest(server.url)).body.collect(upTo: 10)
          ended.withLock { $0 += 1 }
        }
        Thread {
          usleep(.random(in: 0..<1_000))
          task.cancel()
        }.start()
      }
      let deadline = ContinuousClock.now + .seconds(20)
      while ended.withLock({ $0 }) < started {
        try #require(ContinuousClock.now < deadline, "a task waits for ever")
        try await Task.sleep(for: .milliseconds(1))
      }
    }
  }
}
