import Foundation

/// One connection: requests one after another, each read and answered within its limits. It blocks its thread.
struct Connection {
  let file: Int32
  let limits: ConnectionLimits
  let table: ConnectionTable

  /// Answers requests until the client leaves, or breaks a limit.
  func serve(_ answer: (PlainRequest) -> Reply) {
    defer { table.close(file) }
    configure()
    var rest: [UInt8] = []
    var isKnown = false
    do {
      while let head = try readHead(&rest) {
        let body = try readBody(head, &rest)
        table.answers(file)
        let request = PlainRequest(head, body: body)
        let reply = answer(request)
        guard send(reply.bytes(to: request, keepsOpen: head.keepsOpen)) else { return }
        if !head.keepsOpen { return leave() }
        isKnown = isKnown || ![401, 421].contains(reply.status)
        table.waits(file, isKnown: isKnown)
      }
    } catch let problem as RequestProblem {
      _ = send(Reply.plain(problem.status, problem.text).bytes(to: nil, keepsOpen: false))
      leave()
    } catch {}
  }

  private func configure() {
    var isOn: Int32 = 1
    // An answer is one write; nothing is gained from waiting for more.
    setsockopt(file, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    var time = timeval(tv_sec: Int(limits.answerSeconds), tv_usec: 0)
    setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  // MARK: Reading

  /// The next head; `nil` if the client left, or said nothing for too long.
  ///
  /// - Parameter rest: bytes that were read beyond the last request.
  private func readHead(_ rest: inout [UInt8]) throws -> RequestHead? {
    let end = Array("\r\n\r\n".utf8)
    let deadline = ContinuousClock.now + .seconds(limits.requestSeconds)
    var searched = 0
    while true {
      if let found = rest[searched...].firstRange(of: end) {
        if found.lowerBound > limits.head { break }
        defer { rest.removeSubrange(..<found.upperBound) }
        return try RequestHead(rest[..<found.lowerBound])
      }
      if rest.count > limits.head { break }
      searched = max(0, rest.count - 3)
      guard try receive(&rest, until: deadline) else {
        if rest.isEmpty { return nil }
        throw RequestProblem(408, "The request did not arrive in time.")
      }
    }
    throw RequestProblem(431, "The head of the request is longer than \(limits.head) bytes.")
  }

  private func readBody(_ head: RequestHead, _ rest: inout [UInt8]) throws -> Data {
    if head.bodyLength > limits.body { throw RequestProblem(413, "The request is too large.") }
    let deadline = ContinuousClock.now + .seconds(limits.requestSeconds)
    while rest.count < head.bodyLength {
      guard try receive(&rest, until: deadline) else { throw RequestProblem(408, "The request broke off.") }
    }
    defer { rest.removeFirst(head.bodyLength) }
    return Data(rest.prefix(head.bodyLength))
  }

  /// Appends what the client sent next.
  ///
  /// - Returns: `false` at the end, or when time is up.
  private func receive(_ bytes: inout [UInt8], until deadline: ContinuousClock.Instant) throws -> Bool {
    while true {
      let left = (deadline - .now) / .milliseconds(1)
      if left <= 0 { return false }
      var wait = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      let ready = poll(&wait, 1, Int32(left.rounded(.up)))
      if ready < 0 && errno == EINTR { continue }
      if ready <= 0 { return false }
      var buffer = [UInt8](repeating: 0, count: 16 << 10)
      let count = recv(file, &buffer, buffer.count, 0)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      bytes += buffer[..<count]
      return true
    }
  }

  // MARK: Writing

  /// - Returns: whether all of it was taken in time.
  private func send(_ bytes: Data) -> Bool {
    let deadline = ContinuousClock.now + .seconds(limits.answerSeconds)
    var sent = 0
    while sent < bytes.count {
      if ContinuousClock.now > deadline { return false }
      let count = bytes.withUnsafeBytes {
        Foundation.send(file, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// Says that nothing follows, and lets the client finish for a moment: an answer may be lost if the connection is closed
  /// while there is something to read.
  private func leave() {
    shutdown(file, Int32(SHUT_WR))
    let deadline = ContinuousClock.now + .seconds(min(1, limits.requestSeconds))
    var left = 256 << 10
    var ignored: [UInt8] = []
    while left > 0, (try? receive(&ignored, until: deadline)) == true {
      left -= ignored.count
      ignored.removeAll(keepingCapacity: true)
    }
  }
}
