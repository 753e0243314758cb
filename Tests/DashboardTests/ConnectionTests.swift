import Foundation
import Storage
import Testing

@testable import Dashboard

/// What others on the machine can do to the server without the token.
@Suite struct ConnectionTests {
  private static func served(_ change: (inout ConnectionLimits) -> Void = { _ in }) async throws -> ServedRuns {
    let folder = try ServedRuns.newFolder()
    _ = try MadeUp.run("first", in: folder, episodes: 4)
    var limits = ConnectionLimits()
    change(&limits)
    return try await ServedRuns.start(folder, limits: limits)
  }

  /// A head that never ends is cut off soon after the limit, with an answer, and nothing else suffers.
  @Test(arguments: ["GET /", "GET / HTTP/1.1\r\nHost: ", "GET / HTTP/1.1\r\nA: b\r\n"])
  func anEndlessHeadIsCutOff(_ beginning: String) async throws {
    let served = try await Self.served()
    let raw = try RawConnection(served.client.port)
    raw.send(beginning)
    var sent = 0
    while sent < 64 << 20, raw.send(String(repeating: "x", count: 4_096)) { sent += 4_096 }
    // What the sockets' buffers hold is sent before the end is noticed: some megabytes at most.
    #expect(sent < 32 << 20, "\(sent) bytes were taken")
    #expect(try await served.get("/").status == 200)
  }

  @Test func aLongHeadIsAnAnswerAndNoMore() async throws {
    let served = try await Self.served()
    let long = try await served.get("/?a=" + String(repeating: "x", count: 40_000))
    #expect(
      long.status == 431 && long.body.contains("longer than 32768 bytes") && long.headers["connection"] == "close")
    #expect(try await served.get("/?a=" + String(repeating: "x", count: 20_000)).status == 200)
    let large = try await served.post("/runs/first/label", String(repeating: "x", count: 70_000))
    #expect(large.status == 413)
  }

  /// More idle connections than there are places: the reader is answered, the oldest ones make room, and no more stay open
  /// than the limit allows.
  @Test func idleConnectionsCannotLockTheReaderOut() async throws {
    let served = try await Self.served { $0.connections = 16 }
    let idle = try (0..<200).map { _ in try RawConnection(served.client.port) }
    for (index, connection) in idle.enumerated() where index.isMultiple(of: 2) { connection.send("GET / HTTP/1.1\r\n") }
    for _ in 0..<5 {
      #expect(try await served.get("/").status == 200)
      #expect(try await served.get("/runs/first/episodes").body.contains("episode?key="))
    }
    // All that are not among the newest 16 were ended by the server.
    for connection in idle.dropLast(16) { #expect(connection.waitForEnd()) }
    #expect(try await served.get("/").status == 200)
  }

  /// A connection that showed the token keeps its place while strangers take and lose theirs.
  @Test func aKnownConnectionOutlivesStrangers() async throws {
    let served = try await Self.served { $0.connections = 4 }
    let own = try RawConnection(served.client.port)
    let cookie = try #require(served.cookie["Cookie"])
    let request = "GET /assets/style.css HTTP/1.1\r\nHost: 127.0.0.1:\(served.client.port)\r\nCookie: \(cookie)\r\n\r\n"
    own.send(request)
    #expect(own.receiveAnswer()?.hasPrefix("HTTP/1.1 200") == true)
    let strangers = try (0..<12).map { _ in try RawConnection(served.client.port) }
    for stranger in strangers.dropLast(4) { #expect(stranger.waitForEnd()) }
    own.send(request)
    #expect(own.receiveAnswer()?.hasPrefix("HTTP/1.1 200") == true)
  }

  /// A request that is begun and not finished is answered with 408 and ended.
  @Test func aSlowRequestIsEnded() async throws {
    let served = try await Self.served { $0.requestSeconds = 0.3 }
    let slow = try RawConnection(served.client.port)
    slow.send("GET / HTTP/1.1\r\nHost:")
    #expect(slow.receiveAll().hasPrefix("HTTP/1.1 408"))
    let body = try RawConnection(served.client.port)
    body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
    #expect(body.receiveAll().hasPrefix("HTTP/1.1 408"))
    let silent = try RawConnection(served.client.port)
    #expect(silent.receiveAll().isEmpty)
  }

  /// Whatever two readers could understand in two ways is refused, and a page is never given for it.
  @Test(arguments: [
    ("GET / HTTP/1.1\nHost: H\n\n\r\n\r\n", 400), ("GET  / HTTP/1.1\r\nHost: H\r\n\r\n", 400),
    ("GET / HTTP/2\r\nHost: H\r\n\r\n", 400), ("GET http://H/ HTTP/1.1\r\nHost: H\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: H\r\nHost: H\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost : H\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: H\r\n folded\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: H\r\nA: \u{1}\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nHost: H\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    ("POST / HTTP/1.1\r\nHost: H\r\nContent-Length: +1\r\n\r\na", 400),
    ("POST / HTTP/1.1\r\nHost: H\r\nContent-Length: 99999999999999999999\r\n\r\na", 413),
    ("POST / HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
    ("\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 421),
  ])
  func ambiguousRequestsAreRefused(_ request: String, _ status: Int) async throws {
    let served = try await Self.served { $0.requestSeconds = 1 }
    let raw = try RawConnection(served.client.port)
    raw.send(request.replacing("H\r\n", with: "127.0.0.1:\(served.client.port)\r\n"))
    #expect(raw.receiveAll().hasPrefix("HTTP/1.1 \(status) "), "\(request)")
  }

  /// Two requests in one packet, one in two packets: each has its answer, in order, on one connection.
  @Test func requestsFollowEachOther() async throws {
    let served = try await Self.served()
    let raw = try RawConnection(served.client.port)
    let fields = "Host: 127.0.0.1:\(served.client.port)\r\nCookie: \(served.cookie["Cookie"] ?? "")\r\n"
    raw.send("HEAD / HTTP/1.1\r\n\(fields)\r\nGET /nothing HTTP/1.1\r\n\(fields)Connection: cl")
    raw.send("ose\r\n\r\n")
    let answers = raw.receiveAll()
    #expect(answers.hasPrefix("HTTP/1.1 200 OK\r\n") && answers.components(separatedBy: "HTTP/1.1 ").count == 3)
    let parts = answers.components(separatedBy: "\r\n\r\n")
    // The answer to HEAD has no body: the next answer follows at once.
    #expect(parts[1].hasPrefix("HTTP/1.1 404 Not Found\r\n") && parts[1].contains("Connection: close"))
    #expect(parts[0].contains("Connection: keep-alive") && parts[2].contains("There is no such page."))
    let length = try #require(parts[1].firstMatch(of: /Content-Length: (\d+)/).flatMap { Int($0.1) })
    #expect(parts[2].utf8.count == length)
  }
}
