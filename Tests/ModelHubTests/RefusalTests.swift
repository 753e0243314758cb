import Foundation
import NIOHTTP1
import Testing

@testable import ModelHub

/// Servers that refuse, and servers that cannot be trusted.
struct RefusalTests {
  private func message(
    _ status: HTTPResponseStatus, _ code: String? = nil, token: String? = nil
  ) async throws -> (String, requests: Int) {
    let server = try await HubServer { _ in .init(status: status, headers: code.map { ["X-Error-Code": $0] } ?? [:]) }
    let scratch = try Scratch()
    let message = await complaint { try await scratch.fetch(from: server, token: token) }
    #expect(scratch.cache.models().isEmpty)
    return (message, server.requests.count)
  }

  @Test func aRefusalIsSaidOnceAndSaysWhatToDo() async throws {
    let gated = try await message(.unauthorized, "GatedRepo")
    #expect(gated.0.contains("have accepted its licence") && gated.0.contains("set HF_TOKEN"))
    #expect(gated.requests == 1)
    #expect(try await message(.forbidden, token: "secret").0.contains("check that HF_TOKEN"))
    #expect(try await message(.unauthorized, "RepoNotFound").0.contains("There is no repository test/tiny"))
    #expect(try await message(.notFound, "RevisionNotFound").0.contains("has no revision 'main'"))
    let missing = try await message(.notFound)
    #expect(missing.0.contains("has no repository test/tiny"))
    #expect(missing.requests == 1)
  }

  @Test func redirectsInCirclesEnd() async throws {
    let server = try await HubServer { .init(status: .found, headers: ["Location": $0.path]) }
    #expect(await complaint { try await Scratch().fetch(from: server) }.contains("redirects in circles"))
    #expect(server.requests.count == 10)
  }

  @Test func anotherSchemeIsNotFollowed() async throws {
    let server = try await HubServer { _ in .init(status: .found, headers: ["Location": "file:///etc/passwd"]) }
    #expect(await complaint { try await Scratch().fetch(from: server) }.contains("cannot be followed"))
  }

  @Test(arguments: [
    "../../evil.gguf", "/tmp/evil.gguf", "a/../../evil.gguf", ".state/evil.gguf", "a//evil.gguf", "a\\\\evil.gguf",
    "a\\u0000.gguf",
  ])
  func pathsThatLeaveTheFolderAreRefused(_ path: String) async throws {
    let file = FakeRepository.File(
      path: path, content: FakeRepository.weights, sha256: FakeRepository.weightsDigest)
    let server = try await HubServer { FakeRepository(files: [file]).answer($0) }
    let scratch = try Scratch()
    #expect(await complaint { try await scratch.fetch(from: server) }.contains("by a name that is not used here"))
    #expect(server.requests.count == 1)
  }

  @Test func aPartWhoseOthersAreNotListedIsRefused() async throws {
    let file = FakeRepository.File(
      path: "m-00001-of-00002.gguf", content: FakeRepository.weights, sha256: FakeRepository.weightsDigest)
    let server = try await HubServer { FakeRepository(files: [file]).answer($0) }
    let message = await complaint { try await Scratch().fetch("test/tiny:m-00001-of-00002.gguf", from: server) }
    #expect(message.contains("one of 2 parts, and the repository has no file m-00002-of-00002.gguf"))
  }

  @Test(arguments: [-1, 1 << 60, 1 << 45])
  func unbelievableSizesAreRefused(_ size: Int) async throws {
    let repository = FakeRepository.tiny.changing("model.safetensors") { $0.announced = size }
    let server = try await HubServer { repository.answer($0) }
    #expect(await complaint { try await Scratch().fetch(from: server) }.contains("no believable size"))
  }

  @Test func aNameListedTwiceIsRefused() async throws {
    var repository = FakeRepository.tiny
    repository.files.append(FakeRepository.config)
    let server = try await HubServer { [repository] in repository.answer($0) }
    #expect(await complaint { try await Scratch().fetch(from: server) }.contains("'config.json'"))
  }

  @Test(arguments: ["", "[]", "{\"sha\": 1}", "{\"sha\": \"../../x\", \"siblings\": []}", "{\"siblings\": []}"])
  func aListThatIsNoneIsRefused(_ text: String) async throws {
    let server = try await HubServer { _ in .init(body: Data(text.utf8)) }
    let message = await complaint { try await Scratch().fetch(from: server) }
    #expect(message.contains("cannot be read") || message.contains("names no commit"))
  }
}
