import Foundation
import Synchronization
import Testing

@testable import ModelHub

/// Models in parts on a package index, fetched by the real pip from a folder.
struct WheelTests {
  private let scratch: Scratch
  private let index: WheelIndex
  private let name: ModelName

  init() async throws {
    scratch = try Scratch()
    index = try await WheelIndex(in: scratch.folder)
    name = try ModelName("tiny")
  }

  @discardableResult
  private func fetch(
    _ model: WheelModel? = nil, accepting: Bool = true, environment: [String: String]? = nil,
    availableBytes: @escaping @Sendable () -> Int64? = { nil }
  ) async throws -> CachedModel {
    let fetcher = ModelFetcher(
      cache: scratch.cache, environment: environment ?? index.environment, catalogue: [model ?? index.model()],
      availableBytes: { _ in availableBytes() })
    return try await fetcher.fetch(name, acceptingLicense: accepting)
  }

  private var unfinished: URL { scratch.cache.root.appending(path: ".partial/tiny/.state/model.gguf.part") }

  @Test func thePartsMakeTheModel() async throws {
    let model = try await fetch()
    #expect(try Data(contentsOf: model.entry) == FakeRepository.weights)
    #expect(try scratch.cache.named("tiny") == model.entry)
    #expect(try String(contentsOf: model.folder.appending(path: "NOTICE.md"), encoding: .utf8) == "# Notice\n")
    #expect(FileSize.of(model.folder.appending(path: "TERMS.html")) == 23)
    let license = try #require(model.manifest.license)
    #expect(license.name == "Tiny Terms")
    #expect(try #require(license.accepted).timeIntervalSinceNow > -600)
    #expect(try scratch.cache.verify(name) == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.cache.root.path + "/.partial") == [])
  }

  @Test func withoutAcceptanceNothingIsFetched() async throws {
    let message = await complaint { try await fetch(accepting: false) }
    #expect(message.contains("https://example.org/terms"))
    #expect(message.contains("subterfuge models fetch tiny --accept-license"))
    #expect(!FileManager.default.fileExists(atPath: scratch.cache.root.path))
  }

  @Test func aFreeLicenceNeedsNoAcceptanceAndIsRecorded() async throws {
    let model = try await fetch(index.model(needsAcceptance: false), accepting: false)
    #expect(try Data(contentsOf: model.entry) == FakeRepository.weights)
    let license = try #require(model.manifest.license)
    #expect(license.name == "Tiny Terms" && license.terms == ["https://example.org/terms"] && license.accepted == nil)
    #expect(model.manifest.source == "the Python package index: tinymodel-part1==1.0 to tinymodel-part2==1.0")
    #expect(try scratch.cache.verify(name) == [])
  }

  @Test func theDiskNeverHoldsMoreThanIsAnnounced() async throws {
    let model = index.model()
    let sizes = scratch.folder.appending(path: "sizes")
    // After each program the staging folder is measured with all that it left there.
    let environment = try copyingPip(
      then: "du -sb --apparent-size '\(scratch.cache.root.path)/.partial' >> '\(sizes.path)'")
    try await fetch(model, environment: environment)
    let measured = try String(contentsOf: sizes, encoding: .utf8).split(separator: "\n").compactMap {
      Int64($0.prefix { $0.isNumber })
    }
    #expect(measured.count == 7)
    // Folders and bookkeeping take less than 64 KiB.
    #expect(try #require(measured.max()) <= model.peakBytes + 65_536)
    #expect(try #require(measured.max()) > model.fileBytes)
    #expect(model.peakBytes < model.fileBytes + 65_536)
  }

  @Test func theCataloguesSizesAddUp() throws {
    let models = WheelModel.catalogue
    #expect(models.map(\.name) == ["gemma3-270m", "qwen2.5-coder-1.5b", "smollm2-135m"])
    #expect(models.map(\.fileBytes) == [253_113_024, 1_117_320_768, 98_362_432])
    #expect(models.map(\.tuning) == [.base, .instruct, .instruct])
    // Qwen: 20 parts, and two copies of the wheel of the twenty-first. SmolLM2: the wheel and the file.
    #expect(models[1].peakBytes == 20 * 52_428_800 + 51_793_432 + 52_428_800)
    #expect(models[2].peakBytes == 92_871_040 + 98_362_432)
    for model in models {
      #expect(model.wheels.allSatisfy { $0.sha256.count == 64 } && model.sha256.count == 64)
      #expect(Set(model.wheels.map(\.sha256)).count == model.wheels.count)
    }
  }

  @Test func aBrokenFetchGoesOnAfterTheLastWholePart() async throws {
    let second = try Data(contentsOf: index.file("tinymodel-part2"))
    try FileManager.default.removeItem(at: index.file("tinymodel-part2"))
    let environment = try copyingPip()
    let message = await complaint { try await fetch(environment: environment) }
    #expect(message.contains("pip could not fetch tinymodel-part2==1.0"))
    #expect(FileSize.of(unfinished) == 200_000)
    #expect(try scratch.cache.named("tiny") == nil)
    // As if the power had gone in the middle of the second part.
    let handle = try FileHandle(forWritingTo: unfinished)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(repeating: 7, count: 5000))
    try handle.close()
    // The first part cannot be had any more: it is not asked for again.
    try FileManager.default.removeItem(at: index.file("tinymodel-part1"))
    try second.write(to: index.file("tinymodel-part2"))
    #expect(try Data(contentsOf: try await fetch(environment: environment).entry) == FakeRepository.weights)
  }

  @Test func aMissingPackageIsExplainedInThePersonsTerms() async throws {
    try FileManager.default.removeItem(at: index.file("tinymodel"))
    let message = await complaint { try await fetch() }
    #expect(message.contains("pip could not fetch tinymodel==1.0: ERROR:"))
    #expect(message.contains("No matching distribution") && message.contains("PIP_FIND_LINKS"))
  }

  @Test func anotherWheelThanThePinnedOneIsRefused() async throws {
    var wheel = try Data(contentsOf: index.file("tinymodel-part1"))
    wheel[200] ^= 1
    try wheel.write(to: index.file("tinymodel-part1"))
    let message = await complaint { try await fetch() }
    #expect(message.contains("tinymodel-part1==1.0 on your package index is not the file that is pinned"))
    #expect(FileSize.of(unfinished) == nil)
  }

  @Test func aWrongModelIsDeleted() async throws {
    let environment = try copyingPip()
    let wrong = index.model(sha256: String(repeating: "0", count: 64))
    let message = await complaint { try await fetch(wrong, environment: environment) }
    #expect(message.contains("has the SHA-256 \(FakeRepository.weightsDigest), not 000"))
    #expect(FileSize.of(unfinished) == nil)
    #expect(try Data(contentsOf: try await fetch(environment: environment).entry) == FakeRepository.weights)
  }

  @Test func roomForTheModelAndOneWheelIsNeeded() async throws {
    let message = await complaint { try await fetch(availableBytes: { 33_800_000 }) }
    #expect(message.contains("has 33.8 MB free"))
    try await fetch(environment: try copyingPip(), availableBytes: { 33_900_000 })
  }

  @Test func aPythonWithoutPipIsNamed() async throws {
    let environment = try python("echo '/usr/bin/python3: No module named pip' >&2; exit 1")
    let message = await complaint { try await fetch(environment: environment) }
    #expect(message.contains("apt-get install python3-pip"))
  }

  @Test func aFullDiskIsSaidInWords() async throws {
    let environment = try python("echo 'ERROR: [Errno 28] No space left on device' >&2; exit 1")
    #expect(await complaint { try await fetch(environment: environment) }.contains("is full"))
  }

  @Test func aDiskTooFullForTheComplaintIsNamedToo() async throws {
    let environment = try python("exit 1")
    let left = Mutex([Int64(1) << 40, 500])
    let message = await complaint {
      try await fetch(environment: environment) { left.withLock { $0.removeFirst() } }
    }
    #expect(message.contains("is full"))
  }

  @Test func cancellingEndsPip() async throws {
    let note = scratch.folder.appending(path: "pid")
    // Deaf to gentle signals, as a child of a program that ignores them is.
    let environment = try python("trap '' TERM INT; echo $$ > '\(note.path)'; while :; do sleep 0.1; done")
    let work = Task { try await fetch(environment: environment) }
    let started = try await eventually { (FileSize.of(note) ?? 0) > 1 }
    #expect(started)
    let number = try String(contentsOf: note, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    work.cancel()
    await #expect(throws: CancellationError.self) { try await work.value }
    #expect(!FileManager.default.fileExists(atPath: "/proc/\(number)"))
  }

  /// An environment whose pip only copies from the index: starting the real one takes most of a second.
  private func copyingPip(then measure: String = ":") throws -> [String: String] {
    try python(
      """
      trap "\(measure)" EXIT
      [ "$2" = pip ] || { PATH=${PATH#*:} python3 "$@"; exit $?; }
      while [ $# -gt 0 ]; do
        case $1 in --dest) folder=$2 ;; --requirement) pins=$2 ;; esac
        shift
      done
      cp '\(index.folder.path)'/"$(sed 's/==.*//; s/-/_/g' "$pins")"-1.0-*.whl "$folder"
      """)
  }

  /// An environment whose python3 is a shell script.
  private func python(_ script: String) throws -> [String: String] {
    let folder = scratch.folder.appending(path: "bin")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "python3")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return index.environment.merging(["PATH": "\(folder.path):\(index.environment["PATH"] ?? "/usr/bin:/bin")"]) { $1 }
  }
}
