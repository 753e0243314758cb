internal import CHTTP
internal import Dispatch
internal import Foundation
internal import Synchronization

/// One request on its way: a thread of its own asks and takes the answer, and the task that waits is woken by it.
final class Exchange: Sendable {
  private struct State {
    var statusLine = ""
    var headers = HTTPHeaders()
    var headBytes = 0
    /// The head of the answer is whole.
    var hasHead = false
    var pieces: [Data] = []
    var buffered = 0
    /// Set when nothing more will come: how it ended.
    var end: Result<Void, any Error>?
    var isStopped = false
    /// Whoever waits for the head, or for the next piece.
    var waiting: CheckedContinuation<Void, Never>?

    /// Whoever waits, to be woken once the state is unlocked: waking a task takes a lock of the runtime that is held while
    /// a cancellation handler runs, and the handler here takes the lock of this state.
    mutating func takeWaiting() -> CheckedContinuation<Void, Never>? {
      defer { waiting = nil }
      return waiting
    }
  }

  /// Bytes that wait to be taken before the server is held back.
  private static let mostBuffered = 1 << 20
  /// Bytes of an answer's head that are read.
  private static let longestHead = 256 << 10

  private let state = Mutex(State())
  /// Signalled when pieces were taken.
  private let taken = DispatchSemaphore(value: 0)

  // MARK: For the task that asks

  /// The head of the answer.
  func head() async throws -> (statusLine: String, headers: HTTPHeaders) {
    try await wait { state in
      if state.hasHead { return .success((state.statusLine, state.headers)) }
      return state.end.map { end in end.flatMap { .failure(HTTPFailure.broken("no answer")) } }
    }
  }

  /// The bytes that have come since the last call; `nil` at the end.
  func nextPiece() async throws -> Data? {
    let piece: Data? = try await wait { state in
      if !state.pieces.isEmpty {
        let piece = state.pieces.removeFirst()
        state.buffered -= piece.count
        return .success(piece)
      }
      return state.end.map { $0.map { nil } }
    }
    taken.signal()
    return piece
  }

  /// Ends the exchange: nothing more is wanted.
  func stop() {
    let waiting = state.withLock { state in
      state.isStopped = true
      return state.takeWaiting()
    }
    waiting?.resume()
    taken.signal()
  }

  /// Waits until `ready` has a result. One task at a time may wait.
  private func wait<Value>(for ready: (inout State) -> Result<Value, any Error>?) async throws -> Value {
    try await withTaskCancellationHandler {
      while true {
        try Task.checkCancellation()
        var result: Result<Value, any Error>?
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
          state.withLock { state in
            result = ready(&state) ?? (state.isStopped ? .failure(CancellationError()) : nil)
            if result == nil { state.waiting = continuation }
          }
          if result != nil { continuation.resume() }
        }
        if let result { return try result.get() }
      }
    } onCancel: {
      stop()
    }
  }

  // MARK: For the thread

  /// Asks and takes the answer; returns when the exchange is over.
  func run(_ client: chttp_client, _ request: HTTPRequest, proxy: HTTPProxy?, limits: HTTPLimits) {
    var message = [CChar](repeating: 0, count: Int(CHTTP_MESSAGE_BYTES))
    let outcome = withCRequest(request, proxy, limits) { request in
      var receiver = chttp_receiver(
        context: Unmanaged.passUnretained(self).toOpaque(),
        line: { Exchange.of($0)?.take(line: $1, $2) ?? false },
        body: { Exchange.of($0)?.take(body: $1, $2) ?? false },
        goes_on: { Exchange.of($0)?.goesOn ?? false })
      return chttp_exchange(client, request, &receiver, &message)
    }
    let words = message.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    finish(outcome, words)
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Exchange? {
    context.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
  }

  private var goesOn: Bool { state.withLock { !$0.isStopped } }

  private func take(line text: UnsafePointer<CChar>?, _ bytes: Int) -> Bool {
    let line = String(decoding: UnsafeRawBufferPointer(start: text, count: bytes), as: UTF8.self)
    return change { state in
      state.headBytes += bytes
      guard state.headBytes <= Self.longestHead, !state.isStopped else { return false }
      // Each answer has a status line, one that says that another will follow too ("100 Continue").
      if line.hasPrefix("HTTP/"), !state.hasHead {
        (state.statusLine, state.headers) = (
          line.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "", .init()
        )
      } else if line.isEmpty {
        state.hasHead = !state.statusLine.hasPrefix("1")
      } else if !state.hasHead {
        state.headers.add(line: line)
      }
      return true
    }
  }

  private func take(body bytes: UnsafePointer<UInt8>?, _ count: Int) -> Bool {
    let piece = Data(UnsafeRawBufferPointer(start: bytes, count: count))
    while true {
      let isFull = state.withLock { $0.buffered >= Self.mostBuffered && !$0.isStopped }
      guard isFull else { break }
      _ = taken.wait(timeout: .now() + 0.05)
    }
    return change { state in
      guard !state.isStopped else { return false }
      state.pieces.append(piece)
      state.buffered += piece.count
      return true
    }
  }

  private func finish(_ outcome: chttp_outcome, _ words: String) {
    let failure: HTTPFailure? =
      switch outcome {
      case CHTTP_DONE: nil
      case CHTTP_ENDED_BY_RECEIVER: .broken("the head of the answer is too long")
      case CHTTP_NO_CONNECTION_IN_TIME: .noConnectionInTime
      case CHTTP_SILENT: .silent
      case CHTTP_OUT_OF_TIME: .outOfTime
      case CHTTP_BROKEN: .broken(words)
      case CHTTP_NOT_REACHED: .notReached(words)
      default: .unusable(words.isEmpty ? "the request cannot be asked" : words)
      }
    _ = change { state in
      state.end = failure.map { .failure(state.isStopped ? CancellationError() : $0) } ?? .success(())
      return true
    }
  }

  /// Changes the state and wakes whoever waits.
  private func change(_ work: (inout State) -> Bool) -> Bool {
    let (result, waiting) = state.withLock { state in (work(&state), state.takeWaiting()) }
    waiting?.resume()
    return result
  }
}

/// A request as the C library takes it, valid inside `body`.
private func withCRequest(
  _ request: HTTPRequest, _ proxy: HTTPProxy?, _ limits: HTTPLimits,
  _ body: (UnsafePointer<chttp_request>) -> chttp_outcome
) -> chttp_outcome {
  // A line end in a header would end it and begin another.
  let lines = request.headers.map { "\($0.name): \($0.value)" } + (request.body == nil ? [] : ["Expect:"])
  guard !lines.contains(where: { $0.contains { $0.isNewline || $0 == "\0" } }) else { return CHTTP_UNUSABLE }
  let texts = (lines + [request.url.absoluteString, proxy?.address ?? "", proxy?.user ?? "", proxy?.password ?? ""])
    .map { strdup($0) }
  defer { texts.forEach { free($0) } }
  let headers: [UnsafePointer<CChar>?] = texts.prefix(lines.count).map { UnsafePointer($0) } + [nil]
  let rest = texts.suffix(4).map { UnsafePointer($0) }
  let milliseconds = { (seconds: Double?) in Int(((seconds ?? 0) * 1_000).rounded(.up)) }
  return headers.withUnsafeBufferPointer { headers in
    (request.body ?? Data()).withUnsafeBytes { bytes in
      let posted =
        request.body == nil ? nil : bytes.bindMemory(to: UInt8.self).baseAddress ?? UnsafePointer(bitPattern: 1)
      var asked = chttp_request(
        url: rest[0], headers: headers.baseAddress, body: posted, body_bytes: bytes.count,
        proxy: proxy == nil ? nil : rest[1], user: proxy?.user == nil ? nil : rest[2],
        password: proxy?.password == nil ? nil : rest[3], connect: milliseconds(limits.connection),
        silence: milliseconds(limits.silence), total: milliseconds(limits.total))
      return body(&asked)
    }
  }
}
