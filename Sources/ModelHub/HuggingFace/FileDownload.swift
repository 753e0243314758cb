internal import Foundation
internal import HTTP

/// The download of one file: resumes an earlier attempt, never past the announced size, and gives the file
/// its name only when its checksum is right.
struct FileDownload: Sendable {
  let client: HuggingFaceClient
  let repository: HuggingFaceRepository
  let commit: String
  let file: RepositoryListing.File
  let folder: StagingFolder
  /// The bytes of the files before this one, for the progress.
  let before: Int64
  let event: @Sendable (FetchEvent) -> Void

  var size: Int64 { file.bytes ?? 0 }
  private var part: URL { folder.unfinished(file.path) }
  private var tag: URL { part.appendingPathExtension("etag") }
  private var length: Int64 { FileSize.of(part) ?? 0 }

  func run() async throws {
    if FileSize.of(folder.finished(file.path)) != size {
      event(.fetching(file: file.path))
      try await client.retrying(file.path, on: event, progress: { length }) { try await attempt() }
      try check()
      try folder.finish(file.path)
    }
    event(.advanced(bytes: before + size))
  }

  private func attempt() async throws {
    let start = length
    if start > size { try restart() }
    if start == size, FileManager.default.fileExists(atPath: part.path) { return }
    let path = file.path.split(separator: "/").map { String($0).asPathComponent }.joined(separator: "/")
    let response = try await client.get(
      path: "/\(repository.identifier)/resolve/\(commit)/\(path)", headers: rangeHeaders(from: start))
    switch response.status {
    case 200:
      try rememberTag(response)
      try await receive(response, after: 0)
    case 206 where startsAt(start, response):
      try await receive(response, after: start)
    case 206, 416:
      try restart()
      throw HuggingFaceClient.Transient(description: "the server sends another part of the file than was asked for")
    default:
      throw HuggingFaceRefusal(client: client, repository: repository).error(response, asking: "file \(file.path)")
    }
  }

  /// Asks for the rest, provided that the file is still the one whose beginning is here.
  private func rangeHeaders(from start: Int64) -> [String: String] {
    guard start > 0 else { return [:] }
    var headers = ["Range": "bytes=\(start)-"]
    if let known = try? String(contentsOf: tag, encoding: .utf8) { headers["If-Range"] = known }
    return headers
  }

  private func startsAt(_ start: Int64, _ response: HTTPResponse) -> Bool {
    let range = response.headers["Content-Range"] ?? ""
    return start > 0 && range.hasPrefix("bytes \(start)-") && (range.hasSuffix("/\(size)") || range.hasSuffix("/*"))
  }

  /// Only a strong tag tells that two transfers are of the same bytes.
  private func rememberTag(_ response: HTTPResponse) throws {
    try? FileManager.default.removeItem(at: tag)
    guard let value = response.headers["ETag"], value.hasPrefix("\"") else { return }
    try DiskSpace.inWords(at: folder.url) { try Data(value.utf8).write(to: tag) }
  }

  private func receive(_ response: HTTPResponse, after start: Int64) async throws {
    if let announced = response.headers["Content-Length"], Int64(announced) != size - start {
      throw wrongSize("\(announced) bytes", start)
    }
    var output = try GrowingFile(part, keeping: start)
    var pieces = response.body.makeAsyncIterator()
    while let piece = try await client.transfer({ try await pieces.next() }) {
      guard output.bytes + Int64(piece.count) <= size else { throw wrongSize("more", start) }
      try piece.withUnsafeBytes { try output.append($0) }
      event(.advanced(bytes: before + output.bytes))
    }
    guard output.bytes == size else {
      throw HuggingFaceClient.Transient(description: "the connection ended after \(output.bytes) of \(size) bytes")
    }
    try output.synchronize()
  }

  private func wrongSize(_ sent: String, _ start: Int64) -> HubError {
    try? restart()
    return HubError(
      "The server announced \(size) bytes for \(file.path) but sends \(sent) after \(start); nothing of it is kept.")
  }

  private func restart() throws {
    guard FileManager.default.fileExists(atPath: part.path) else { return }
    try FileManager.default.removeItem(at: part)
  }

  private func check() throws {
    event(.checking(file: file.path))
    let (kind, expected, found): (String, String, String)
    if let lfs = file.lfs {
      (kind, expected, found) = ("SHA-256", lfs.sha256, try Checksum.sha256(of: part))
    } else if let blob = file.blob {
      (kind, expected, found) = ("git SHA-1", blob, try Checksum.gitBlob(of: part))
    } else {
      return
    }
    guard found == expected else {
      try restart()
      throw HubError(
        "\(file.path) came with the \(kind) \(found), but \(repository.identifier) says \(expected); it was deleted. "
          + "Fetch it again.")
    }
  }
}
