import Foundation
import NIOHTTP1
import Testing

@testable import ModelHub

/// Repositories as a sound server gives them.
struct HuggingFaceTests {
  @Test func aRepositoryIsFetchedWhole() async throws {
    let scratch = try Scratch()
    let server = try await HubServer { FakeRepository.tiny.answer($0) }
    let model = try await scratch.fetch(from: server)
    #expect(try Data(contentsOf: model.folder.appending(path: "model.safetensors")) == FakeRepository.weights)
    #expect(model.entry == model.folder)
    #expect(try scratch.cache.named("hf:test/tiny")?.path == model.folder.path)
    #expect(model.manifest.revision == FakeRepository.tiny.commit)
    #expect(model.manifest.license?.name == "mit")
    let files = Dictionary(uniqueKeysWithValues: model.manifest.files.map { ($0.path, $0.sha256) })
    #expect(files["model.safetensors"] == FakeRepository.weightsDigest)
    #expect(files["config.json"] == "4bebf7dba2e37ce6166493cdcfb8f61810db88844139be2b932de7e0275babd0")
    #expect(Set(files.keys) == ["config.json", "tokenizer.json", "LICENSE", "model.safetensors"])
    #expect(try scratch.cache.verify(ModelName("test/tiny")) == [])
  }

  @Test func onlyWhatIsNeededIsAskedFor() async throws {
    let server = try await HubServer { FakeRepository.tiny.answer($0) }
    try await Scratch().fetch(from: server)
    #expect(server.requests.count == 5)
    #expect(server.requests(for: ".bin").isEmpty)
    #expect(server.requests.allSatisfy { $0.token == nil && $0.range == nil })
  }

  @Test func aModelThatIsHereIsNotAskedFor() async throws {
    let scratch = try Scratch()
    let server = try await HubServer { FakeRepository.tiny.answer($0) }
    try await scratch.fetch(from: server)
    let before = server.requests.count
    try await scratch.fetch(from: server)
    #expect(server.requests.count == before)
  }

  @Test func progressCountsEveryByteOnce() async throws {
    let scratch = try Scratch()
    let server = try await HubServer { FakeRepository.tiny.answer($0) }
    try await scratch.fetch(from: server)
    // 24 + 19 + 16 + 300,000 bytes.
    #expect(scratch.events.contains(.planned(files: 4, bytes: 300_059)))
    let advances = scratch.events.compactMap { if case .advanced(let bytes) = $0 { bytes } else { nil } }
    #expect(advances == advances.sorted())
    #expect(advances.last == 300_059)
  }

  @Test func oneOfSeveralGGUFFilesHasToBeChosen() async throws {
    let scratch = try Scratch()
    let file = FakeRepository.File(
      path: "small/ä b+c?.Q4.gguf", content: FakeRepository.weights, sha256: FakeRepository.weightsDigest)
    var other = file
    other.path = "b.gguf"
    let repository = FakeRepository(files: [FakeRepository.config, file, other])
    let server = try await HubServer { repository.answer($0) }
    let message = await complaint { try await scratch.fetch(from: server) }
    #expect(message.contains("--file: small/ä b+c?.Q4.gguf, b.gguf"))
    let model = try await scratch.fetch("test/tiny:small/ä b+c?.Q4.gguf", from: server)
    #expect(try Data(contentsOf: model.entry) == FakeRepository.weights)
    #expect(try scratch.cache.named("test/tiny:small/ä b+c?.Q4.gguf") == model.entry)
    #expect(try scratch.cache.named("test/tiny") == nil)
  }

  @Test func theOnlyGGUFFileNeedsNoChoice() async throws {
    let file = FakeRepository.File(
      path: "b.gguf", content: FakeRepository.weights, sha256: FakeRepository.weightsDigest)
    let server = try await HubServer { FakeRepository(files: [file]).answer($0) }
    let model = try await Scratch().fetch(from: server)
    #expect(model.entry.lastPathComponent == "b.gguf")
  }

  @Test(arguments: ["test/tiny", "test/tiny:m-00002-of-00002.gguf"])
  func aFileInPartsIsFetchedWhole(_ name: String) async throws {
    let first = FakeRepository.File(
      path: "m-00001-of-00002.gguf", content: FakeRepository.weights, sha256: FakeRepository.weightsDigest)
    var second = first
    second.path = "m-00002-of-00002.gguf"
    let repository = FakeRepository(files: [first, second])
    let server = try await HubServer { repository.answer($0) }
    let scratch = try Scratch()
    let model = try await scratch.fetch(name, from: server)
    for file in [first, second] {
      #expect(try Data(contentsOf: model.folder.appending(path: file.path)) == FakeRepository.weights)
    }
    #expect(model.entry.lastPathComponent == (name.hasSuffix("gguf") ? second : first).path)
  }

  @Test func aRepositoryWithoutAModelIsRefused() async throws {
    let server = try await HubServer { FakeRepository(files: [FakeRepository.config]).answer($0) }
    let message = await complaint { try await Scratch().fetch(from: server) }
    #expect(message.contains("lacks tokenizer.json, *.safetensors"))
  }

  @Test func theTokenStaysWithItsServer() async throws {
    let store = try await HubServer { request in
      FakeRepository.tiny.answer(.init(path: "/test/tiny" + request.path, headers: request.headers))
    }
    let place = store.endpoint
    let server = try await HubServer { request in
      guard let end = request.path.range(of: "/resolve/") else { return FakeRepository.tiny.answer(request) }
      return .init(status: .found, headers: ["Location": place + request.path[end.lowerBound...]])
    }
    try await Scratch().fetch(from: server, token: " secret\n")
    #expect(server.requests.count == 5)
    #expect(server.requests.allSatisfy { $0.token == "Bearer secret" })
    #expect(store.requests.count == 4)
    #expect(store.requests.allSatisfy { $0.token == nil })
  }

  @Test func aRelativeRedirectIsFollowedWithTheToken() async throws {
    let server = try await HubServer { request in
      guard request.path.contains("/resolve/"), !request.path.contains("/moved") else {
        let path = request.path.replacingOccurrences(of: "/moved", with: "")
        return FakeRepository.tiny.answer(.init(path: path, headers: request.headers))
      }
      return .init(status: .temporaryRedirect, headers: ["Location": "/moved" + request.path])
    }
    try await Scratch().fetch(from: server, token: "secret")
    #expect(
      server.requests.filter { $0.path.hasPrefix("/moved") }.map(\.token) == Array(repeating: "Bearer secret", count: 4)
    )
  }
}
