import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import ModelHub

/// Servers, lines and disks that fail.
struct BrokenTransferTests {
  private typealias Fault = @Sendable (HubServer.Answer) -> HubServer.Answer

  /// A server of `test/tiny` whose first answers for the weights are replaced, in order; `nil` gives the sound one.
  private func server(_ repository: FakeRepository = .tiny, breaking faults: [Fault] = []) async throws -> HubServer {
    let count = Counter()
    return try await HubServer { request in
      let sound = repository.answer(request)
      guard request.path.hasSuffix("model.safetensors") else { return sound }
      let number = count.next()
      return number < faults.count ? faults[number](sound) : sound
    }
  }

  private static let broken: Fault = {
    var answer = $0
    (answer.sent, answer.end) = (100_000, .cut)
    return answer
  }

  private func expectWeights(_ model: CachedModel, _ at: SourceLocation = #_sourceLocation) throws {
    let content = try Data(contentsOf: model.folder.appending(path: "model.safetensors"))
    #expect(content == FakeRepository.weights, sourceLocation: at)
  }

  /// The first byte that a request asks for.
  private func start(_ request: HubServer.Request) -> Int? {
    request.range.flatMap { $0.wholeMatch(of: /bytes=(\d+)-/) }.flatMap { Int($0.1) }
  }

  @Test func onlyTheRestIsAskedForAgain() async throws {
    let scratch = try Scratch()
    let server = try await server(breaking: [Self.broken])
    try expectWeights(try await scratch.fetch(from: server))
    let asked = server.requests(for: "model.safetensors")
    #expect(asked.count == 2)
    #expect(asked[0].range == nil)
    #expect((1...100_000).contains(try #require(start(asked[1]))))
    #expect(asked[1].headers.first(name: "If-Range") == "\"\(FakeRepository.weightsDigest)\"")
    #expect(scratch.events.contains { if case .retrying("model.safetensors", _, _) = $0 { true } else { false } })
  }

  @Test func theNextFetchGoesOnToo() async throws {
    let scratch = try Scratch()
    let server = try await server(breaking: [Self.broken])
    let message = await complaint { try await scratch.fetch(from: server, attempts: 1) }
    #expect(message.contains("model.safetensors cannot be fetched") && message.contains("run the same command again"))
    #expect(try scratch.cache.named("test/tiny") == nil)
    #expect(scratch.cache.models().isEmpty)
    let length = try #require(FileSize.of(scratch.unfinishedWeights))
    try expectWeights(try await scratch.fetch(from: server))
    #expect(start(server.requests(for: "model.safetensors")[1]) == Int(length))
    #expect(server.requests(for: "config.json").count == 1)
  }

  @Test func aServerThatIgnoresRangesSendsAllAgain() async throws {
    var repository = FakeRepository.tiny
    repository.knowsRanges = false
    let server = try await server(repository, breaking: [Self.broken])
    let scratch = try Scratch()
    try expectWeights(try await scratch.fetch(from: server))
    #expect(start(server.requests(for: "model.safetensors")[1]) != nil)
  }

  @Test func anotherRangeThanAskedForIsNotUsed() async throws {
    let server = try await server(breaking: [
      Self.broken,
      {
        var answer = $0
        answer.headers["Content-Range"] = "bytes 5-299999/300000"
        return answer
      },
    ])
    let scratch = try Scratch()
    try expectWeights(try await scratch.fetch(from: server))
    #expect(server.requests(for: "model.safetensors").last?.range == nil)
    #expect(server.requests(for: "model.safetensors").count == 3)
  }

  @Test func aRepositoryThatMovedOnIsBegunAgain() async throws {
    let scratch = try Scratch()
    let old = FakeRepository.tiny.changing("model.safetensors") { $0.content = Data(repeating: 1, count: 300_000) }
    let first = try await server(old, breaking: [Self.broken])
    _ = await complaint { try await scratch.fetch(from: first, attempts: 1) }
    var moved = FakeRepository.tiny
    moved.commit = "fedcba9876543210fedcba9876543210fedcba98"
    let second = try await server(moved)
    let model = try await scratch.fetch(from: second)
    try expectWeights(model)
    #expect(model.manifest.revision == moved.commit)
    #expect(second.requests.allSatisfy { $0.range == nil })
  }

  @Test func aWrongChecksumLeavesNothing() async throws {
    let scratch = try Scratch()
    let wrong = FakeRepository.tiny.changing("model.safetensors") { $0.content[7] ^= 1 }
    let server = try await server(wrong)
    let message = await complaint { try await scratch.fetch(from: server) }
    #expect(message.contains("model.safetensors came with the SHA-256") && message.contains("deleted"))
    #expect(FileSize.of(scratch.unfinishedWeights) == nil)
    #expect(try scratch.cache.named("test/tiny") == nil)
  }

  @Test func aSmallFileIsComparedWithGit() async throws {
    let wrong = FakeRepository.tiny.changing("config.json") { $0.content[3] ^= 1 }
    let server = try await server(wrong)
    let message = await complaint { try await Scratch().fetch(from: server) }
    #expect(message.contains("config.json came with the git SHA-1"))
  }

  @Test(arguments: [true, false])
  func moreThanAnnouncedIsRefused(announces: Bool) async throws {
    let scratch = try Scratch()
    let server = try await server(breaking: [
      {
        var answer = $0
        answer.body.append(Data(repeating: 0, count: 1000))
        answer.announcesLength = announces
        return answer
      }
    ])
    let message = await complaint { try await scratch.fetch(from: server) }
    #expect(message.contains("announced 300000 bytes for model.safetensors"))
    #expect(FileSize.of(scratch.unfinishedWeights) == nil)
  }

  @Test func aServerOutOfOrderIsAskedAgainUpToALimit() async throws {
    let busy: Fault = { _ in
      .init(status: .serviceUnavailable, headers: ["Retry-After": "0"])
    }
    let server = try await server(breaking: [busy, busy])
    let scratch = try Scratch()
    try expectWeights(try await scratch.fetch(from: server))
    let dead = try await self.server(breaking: Array(repeating: busy, count: 9))
    let message = await complaint { try await Scratch().fetch(from: dead) }
    #expect(message.contains("503"))
    #expect(dead.requests(for: "model.safetensors").count == 3)
  }

  @Test func aSilentServerIsAskedAgain() async throws {
    let server = try await server(breaking: [
      {
        var answer = $0
        (answer.sent, answer.end) = (50_000, .hang)
        return answer
      }
    ])
    let scratch = try Scratch()
    try expectWeights(try await scratch.fetch(from: server, silence: 1))
    #expect(scratch.events.contains { if case .retrying(_, "the server is silent", _) = $0 { true } else { false } })
  }

  @Test func noServerIsSaidInWords() async throws {
    let scratch = try Scratch()
    let endpoint = "http://127.0.0.1:1"
    let fetcher = ModelFetcher(
      cache: scratch.cache, environment: ["HF_ENDPOINT": endpoint], catalogue: [],
      pace: .init(firstDelay: 0.01, attempts: 2))
    let message = await complaint { _ = try await fetcher.fetch(ModelName("test/tiny")) }
    #expect(message.contains("test/tiny cannot be fetched from \(endpoint): Connection refused."))
  }

  @Test func cancellingEndsASlowFetchAndKeepsWhatCame() async throws {
    let scratch = try Scratch()
    let server = try await server(breaking: [
      {
        var answer = $0
        (answer.sent, answer.end) = (120_000, .hang)
        return answer
      }
    ])
    let fetch = Task { try await scratch.fetch(from: server) }
    let came = try await eventually { FileSize.of(scratch.unfinishedWeights) == 120_000 }
    #expect(came)
    fetch.cancel()
    await #expect(throws: CancellationError.self) { try await fetch.value }
    try expectWeights(try await scratch.fetch(from: server))
    #expect(start(server.requests(for: "model.safetensors")[1]) == 120_000)
  }

  @Test func aFullDiskIsSaidInWords() async throws {
    let scratch = try Scratch()
    let server = try await server(breaking: [Self.broken])
    _ = await complaint { try await scratch.fetch(from: server, attempts: 1) }
    // Every write to this device fails as on a full disk.
    try FileManager.default.removeItem(at: scratch.unfinishedWeights)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.unfinishedWeights.path, withDestinationPath: "/dev/full")
    let message = await complaint { try await scratch.fetch(from: server) }
    #expect(message.contains("is full") && message.contains("same command again to resume"))
    #expect(try scratch.cache.named("test/tiny") == nil)
    try FileManager.default.removeItem(at: scratch.unfinishedWeights)
    try expectWeights(try await scratch.fetch(from: server))
  }

  @Test func tooSmallADiskIsToldBeforeTheFirstByte() async throws {
    let scratch = try Scratch()
    let server = try await server()
    let message = await complaint { try await scratch.fetch(from: server, availableBytes: 33_800_000) }
    #expect(message.contains("has 33.8 MB free, the fetch needs 0.3 MB more"))
    #expect(server.requests(for: "model.safetensors").isEmpty)
    try await scratch.fetch(from: server, availableBytes: 33_900_000)
  }
}

/// Numbers from zero on.
private final class Counter: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock { value in
      defer { value += 1 }
      return value
    }
  }
}
