package import Foundation

/// The bytes of a file piece by piece, unpacked by the `gzip` tool where the file's name ends in `.gz`. Memory is that of
/// one piece, whatever the file unpacks to.
package final class FilePieces {
  private static let pieceBytes = 1 << 18

  private let file: URL
  private let handle: FileHandle
  private let unpacker: Process?

  /// - Throws: `TableError` when the file cannot be opened, or `gzip` not started.
  package init(_ file: URL) throws {
    self.file = file
    do {
      let raw = try FileHandle(forReadingFrom: file)
      (handle, unpacker) = file.pathExtension == "gz" ? try Self.unpacked(raw) : (raw, nil)
    } catch {
      throw TableError(file: file.path, "it cannot be read: \(Self.words(error))")
    }
  }

  deinit {
    if let unpacker, unpacker.isRunning {
      unpacker.terminate()
      unpacker.waitUntilExit()
    }
  }

  /// The next bytes; none at the end.
  ///
  /// - Throws: `TableError` when the file cannot be read on, or is no sound gzip file.
  package func next() throws -> [UInt8] {
    let descriptor = handle.fileDescriptor
    var failure: Int32 = 0
    let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
      var got = -1
      repeat { got = read(descriptor, buffer.baseAddress, buffer.count) } while got < 0 && errno == EINTR
      if got < 0 { failure = errno }
      count = max(0, got)
    }
    if failure != 0 { throw TableError(file: file.path, "it cannot be read on: \(String(cString: strerror(failure)))") }
    if piece.isEmpty { try finish() }
    return piece
  }

  private func finish() throws {
    guard let unpacker else { return }
    unpacker.waitUntilExit()
    if unpacker.terminationStatus != 0 {
      throw TableError(file: file.path, "gzip cannot unpack it to its end; it is damaged or cut off: copy it again")
    }
  }

  private static func unpacked(_ raw: FileHandle) throws -> (FileHandle, Process) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc"]
    process.standardInput = raw
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (output.fileHandleForReading, process)
  }

  private static func words(_ error: any Error) -> String {
    if let error = error as? CocoaError, error.code == .fileReadNoSuchFile { return "there is no such file" }
    return error.localizedDescription
  }
}
