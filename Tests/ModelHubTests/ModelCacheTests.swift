import Foundation
import Testing

@testable import ModelHub

/// The folder of models: where it is, and what is done with it.
struct ModelCacheTests {
  private let scratch: Scratch
  private let name: ModelName

  init() throws {
    scratch = try Scratch()
    name = try ModelName("test/tiny")
  }

  private func fetch() async throws -> CachedModel {
    try await scratch.fetch(from: try await HubServer { FakeRepository.tiny.answer($0) })
  }

  @Test func theFolderIsTheNamedOneElseInTheCacheFolder() {
    let home = ["HOME": "/home/a"]
    #expect(ModelCache(environment: home).root.path == "/home/a/.cache/subterfuge/models")
    let xdg = home.merging(["XDG_CACHE_HOME": "/var/c", "SUBTERFUGE_MODELS": ""]) { $1 }
    #expect(ModelCache(environment: xdg).root.path == "/var/c/subterfuge/models")
    let relative = home.merging(["XDG_CACHE_HOME": "c"]) { $1 }
    #expect(ModelCache(environment: relative).root.path == "/home/a/.cache/subterfuge/models")
    let named = xdg.merging(["SUBTERFUGE_MODELS": "/models"]) { $1 }
    #expect(ModelCache(environment: named).root.path == "/models")
  }

  @Test func verifyingSaysWhatDiffers() async throws {
    let folder = try await fetch().folder
    var weights = FakeRepository.weights
    weights[123] ^= 1
    try weights.write(to: folder.appending(path: "model.safetensors"))
    try Data("{}".utf8).write(to: folder.appending(path: "config.json"))
    try FileManager.default.removeItem(at: folder.appending(path: "LICENSE"))
    try Data().write(to: folder.appending(path: "model-2.safetensors"))
    let found = Dictionary(uniqueKeysWithValues: try scratch.cache.verify(name).map { ($0.path, $0.problem) })
    #expect(found.count == 4)
    #expect(found["model.safetensors"]?.hasSuffix("not \(FakeRepository.weightsDigest)") == true)
    #expect(found["config.json"] == "is 2 bytes long, not 24")
    #expect(found["LICENSE"] == "is missing")
    #expect(found["model-2.safetensors"] == "was not fetched with the model")
  }

  @Test func aDamagedModelIsNotLoadedAndFetchedAgain() async throws {
    let folder = try await fetch().folder
    try FileManager.default.removeItem(at: folder.appending(path: "config.json"))
    #expect(await complaint { _ = try scratch.cache.named("test/tiny") }.contains("subterfuge models fetch test/tiny"))
    try Data("{}".utf8).write(to: folder.appending(path: "config.json"))
    #expect(await complaint { _ = try scratch.cache.named("test/tiny") }.contains("not 24 bytes long"))
    #expect(try await fetch().folder.path == folder.path)
    #expect(try scratch.cache.verify(name) == [])
  }

  @Test func aManifestMayNotNameFilesOutside() async throws {
    let file = try await fetch().folder.appending(path: "manifest.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacingOccurrences(of: "\"LICENSE\"", with: "\"../../x\"").write(
      to: file, atomically: true, encoding: .utf8)
    #expect(await complaint { _ = try scratch.cache.named("test/tiny") }.contains("cannot be read"))
    #expect(scratch.cache.models().isEmpty)
  }

  @Test func removingFreesTheSpaceOnce() async throws {
    let folder = try await fetch().folder
    let bytes = try scratch.cache.remove(name)
    #expect(bytes > 300_059 && bytes < 302_000)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    #expect(throws: HubError.self) { try scratch.cache.remove(name) }
    #expect(throws: HubError.self) { try scratch.cache.verify(name) }
  }

  @Test func whatIsLockedIsNotRemoved() async throws {
    _ = try await fetch()
    let lock = try #require(try ModelLock.acquire(scratch.cache.lockFile(of: name)))
    #expect(await complaint { _ = try scratch.cache.remove(name) }.contains("Another process"))
    #expect(try scratch.cache.named("test/tiny") != nil)
    lock.release()
    _ = try scratch.cache.remove(name)
  }

  @Test func theSecondFetchWaitsForTheFirst() async throws {
    let server = try await HubServer { FakeRepository.tiny.answer($0) }
    let lock = try #require(try ModelLock.acquire(scratch.cache.lockFile(of: name)))
    let fetch = Task { try await scratch.fetch(from: server) }
    let waits = try await eventually { scratch.events == [.waiting] }
    #expect(waits)
    #expect(server.requests.isEmpty)
    lock.release()
    _ = try await fetch.value
  }

  @Test func aPathIsNoModelOfTheCache() throws {
    for text in ["", "seedling.safetensors", "/etc/passwd", "runs/a/b.safetensors", "../x", "Seedling"] {
      #expect(try scratch.cache.named(text) == nil)
    }
  }
}
