import Foundation
import NIOHTTP1

@testable import ModelHub

/// The repository `test/tiny` as Hugging Face serves it. The checksums were computed by sha256sum and git hash-object.
struct FakeRepository: Sendable {
  struct File: Sendable {
    var path: String
    var content: Data
    /// Git's SHA-1 of a small file.
    var blob = "0000000000000000000000000000000000000000"
    /// The SHA-256 of a large file.
    var sha256: String?
    /// The size that is announced, if not the content's.
    var announced: Int?
  }

  static let weights = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 >> 8) })
  static let weightsDigest = "7746f603692a686cd64102485f55a005fd9521e026974d885676c0a486c0b2ae"
  static let config = File(
    path: "config.json", content: Data("{\"model_type\": \"llama\"}\n".utf8),
    blob: "9eddb62b076f586b2186445e7872e5a05f0dfe06")

  static let tiny = FakeRepository(files: [
    config,
    File(
      path: "tokenizer.json", content: Data("{\"version\": \"1.0\"}\n".utf8),
      blob: "92bdb0aff34a95a7c00546c3d608c984294164ed"),
    File(path: "LICENSE", content: Data("Do as you like.\n".utf8), blob: "18bb5b553515900a7634de69f5bfb79c31ab4d9a"),
    File(path: "model.safetensors", content: weights, sha256: weightsDigest),
    File(path: "pytorch_model.bin", content: weights, sha256: weightsDigest),
    File(path: "original/model.safetensors", content: weights, sha256: weightsDigest),
  ])

  var commit = "0123456789abcdef0123456789abcdef01234567"
  var files: [File]
  /// Whether parts of files are sent when asked for.
  var knowsRanges = true

  /// The repository with one file changed.
  func changing(_ path: String, _ change: (inout File) -> Void) -> Self {
    var copy = self
    for index in copy.files.indices where copy.files[index].path == path { change(&copy.files[index]) }
    return copy
  }

  /// What the real server answers.
  func answer(_ request: HubServer.Request) -> HubServer.Answer {
    if request.path.hasPrefix("/api/models/test/tiny/revision/main?") { return listing }
    let prefix = "/test/tiny/resolve/\(commit)/"
    let name = request.path.hasPrefix(prefix) ? request.path.dropFirst(prefix.count).removingPercentEncoding : nil
    guard let file = files.first(where: { $0.path == name }) else {
      return .init(status: .notFound, headers: ["X-Error-Code": "EntryNotFound"])
    }
    return answer(request, file)
  }

  private func answer(_ request: HubServer.Request, _ file: File) -> HubServer.Answer {
    let tag = "\"\(file.sha256 ?? file.blob)\""
    let asked = request.range.flatMap { $0.wholeMatch(of: /bytes=(\d+)-/) }.flatMap { Int($0.1) }
    let isSame = request.headers.first(name: "If-Range").map { $0 == tag } ?? true
    guard knowsRanges, isSame, let start = asked else { return .init(headers: ["ETag": tag], body: file.content) }
    let range = "bytes \(start)-\(file.content.count - 1)/\(file.content.count)"
    return .init(
      status: .partialContent, headers: ["ETag": tag, "Content-Range": range], body: file.content.dropFirst(start))
  }

  private var listing: HubServer.Answer {
    let rows = files.map { file in
      let size = file.announced ?? file.content.count
      let lfs = file.sha256.map { ", \"lfs\": {\"sha256\": \"\($0)\", \"size\": \(size), \"pointerSize\": 134}" } ?? ""
      return "{\"rfilename\": \"\(file.path)\", \"size\": \(size), \"blobId\": \"\(file.blob)\"\(lfs)}"
    }
    let text = """
      {"id": "test/tiny", "sha": "\(commit)", "gated": false, "tags": ["safetensors", "license:mit"],
       "siblings": [\(rows.joined(separator: ",\n"))]}
      """
    return .init(headers: ["Content-Type": "application/json"], body: Data(text.utf8))
  }
}
