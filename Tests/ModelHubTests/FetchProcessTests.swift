import Foundation
import Synchronization
import Testing

@testable import ModelHub

/// The command line, killed, doubled and used wrongly.
struct FetchProcessTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// A server that sends 150,000 bytes of the weights and then nothing, the first time; later all.
  private func hangingServer() async throws -> HubServer {
    let isFirst = Mutex(true)
    return try await HubServer { request in
      var answer = FakeRepository.tiny.answer(request)
      let hangs = isFirst.withLock { first in
        defer { if request.path.hasSuffix("model.safetensors") { first = false } }
        return first && request.path.hasSuffix("model.safetensors")
      }
      if hangs { (answer.sent, answer.end) = (150_000, .hang) }
      return answer
    }
  }

  private func halfOfItCame() async throws -> Bool {
    try await eventually { FileSize.of(scratch.unfinishedWeights) == 150_000 }
  }

  @Test func aKilledFetchIsGoneOnWith() async throws {
    let server = try await hangingServer()
    let first = try FetchProcess(["fetch", "test/tiny"], scratch, endpoint: server.endpoint)
    let came = try await halfOfItCame()
    #expect(came)
    first.send(SIGKILL)
    #expect(try await first.status() == 128 + SIGKILL)
    #expect(scratch.cache.models().isEmpty)
    let second = try FetchProcess(["fetch", "test/tiny"], scratch, endpoint: server.endpoint)
    #expect(try await second.status() == 0)
    #expect(server.requests(for: "model.safetensors").map(\.range) == [nil, "bytes=150000-"])
    #expect(try scratch.cache.verify(ModelName("test/tiny")) == [])
    #expect(second.output.contains("test/tiny  0.3 MB  \(scratch.cache.root.path)/test--tiny"))
  }

  @Test func theSecondProcessWaitsAndThenFindsTheModelOrGoesOn() async throws {
    let server = try await hangingServer()
    let first = try FetchProcess(["fetch", "test/tiny"], scratch, endpoint: server.endpoint)
    let came = try await halfOfItCame()
    #expect(came)
    let second = try FetchProcess(["fetch", "hf:test/tiny"], scratch, endpoint: server.endpoint)
    let waits = try await eventually { second.error.contains("another process is fetching it") }
    #expect(waits)
    let remove = try FetchProcess(["remove", "test/tiny"], scratch)
    #expect(try await remove.status() == 1)
    #expect(remove.error.contains("Another process"))
    first.send(SIGINT)
    #expect(try await first.status() == 130)
    #expect(try await second.status() == 0)
    #expect(server.requests(for: "model.safetensors").count == 2)
    #expect(try scratch.cache.verify(ModelName("test/tiny")) == [])
  }

  @Test func manyAtOnceFetchOnce() async throws {
    let server = try await HubServer { FakeRepository.tiny.answer($0) }
    let processes = try (0..<4).map { _ in
      try FetchProcess(["fetch", "test/tiny"], scratch, endpoint: server.endpoint)
    }
    for process in processes { #expect(try await process.status() == 0) }
    #expect(server.requests(for: "model.safetensors").count == 1)
    #expect(try scratch.cache.verify(ModelName("test/tiny")) == [])
  }

  @Test(
    arguments: [
      (["fetch", "nothing"], 64, "There is no model 'nothing'"), (["fetch", "a/../b"], 64, "not of the form"),
      (["fetch", "gemma3-270m", "--file", "x.gguf"], 64, "not a repository"),
      (["fetch", "a/b", "--file", "../x.gguf"], 64, "'../x.gguf'"),
      (["fetch", "gemma3-270m"], 1, "https://ai.google.dev/gemma/terms"),
      (["verify", "gemma3-270m"], 1, "is not in"), (["remove", "gemma3-270m"], 1, "is not in"),
      (["remove"], 64, "model"),
    ] as [([String], Int32, String)])
  func failuresAreOneSentenceAndAStatus(_ arguments: [String], _ status: Int32, _ words: String) async throws {
    let process = try FetchProcess(arguments, scratch)
    #expect(try await process.status() == status)
    #expect(process.error.contains(words), "\(process.error)")
    #expect(process.output.isEmpty)
    #expect(scratch.cache.models().isEmpty)
  }

  @Test func aModelIsListedVerifiedAndRemoved() async throws {
    let server = try await HubServer { FakeRepository.tiny.answer($0) }
    let model = try await scratch.fetch(from: server)
    let list = try FetchProcess(["list", "--json"], scratch)
    #expect(try await list.status() == 0)
    struct Row: Decodable, Equatable { var name, state: String; var bytes: Int64?; var path: String? }
    let rows = try JSONDecoder().decode([Row].self, from: Data(list.output.utf8))
    #expect(rows.map(\.name) == ["seedling", "test/tiny", "gemma3-270m", "qwen2.5-coder-1.5b", "smollm2-135m"])
    #expect(rows[1] == Row(name: "test/tiny", state: "cached", bytes: 300_059, path: model.folder.path))
    let verify = try FetchProcess(["verify", "test/tiny"], scratch)
    #expect(try await verify.status() == 0)
    try Data().write(to: model.folder.appending(path: "config.json"))
    let again = try FetchProcess(["verify", "test/tiny", "--json"], scratch)
    #expect(try await again.status() == 1)
    #expect(again.output.contains("\"problem\" : \"is 0 bytes long, not 24\""))
    let remove = try FetchProcess(["remove", "test/tiny"], scratch)
    #expect(try await remove.status() == 0)
    #expect(scratch.cache.models().isEmpty)
  }
}
