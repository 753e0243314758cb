import Foundation
import Sandboxing

/// A folder of a stranger, read into memory.
///
/// Nothing outside the folder is read: links are kept as links, and FIFOs and devices are refused without being opened.
struct HostFolder {
  private(set) var entries: [TreePath: FileTree.Entry] = [:]
  private let top: String
  private var bytes = 0

  static let mostEntries = 2_000
  static let mostBytes = 8 << 20
  private static let deepest = 32

  /// Reads a folder; an absent one is empty.
  ///
  /// - Throws: `EnvironmentError` when it is no folder, when it holds something else than files, folders and links, or
  ///   when it is too large.
  init(_ folder: URL) throws {
    top = folder.path
    var status = stat()
    guard lstat(top, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw EnvironmentError("a folder is needed here, not a file or a link", file: top)
    }
    try read([], depth: 0)
  }

  /// Reads a regular file as text. Links are not followed.
  ///
  /// - Throws: `EnvironmentError` when the file is missing, is a link or anything but a file, or is not UTF-8.
  static func text(_ file: URL) throws -> String {
    var status = stat()
    guard lstat(file.path, &status) == 0 else { throw EnvironmentError("the file is missing", file: file.path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw EnvironmentError("a plain file is needed here, not a link, a folder or a device", file: file.path)
    }
    guard status.st_size <= mostBytes else { throw EnvironmentError("the file has more than 8 MiB", file: file.path) }
    guard let text = String(validating: try content(file.path), as: UTF8.self) else {
      throw EnvironmentError("the file is not UTF-8 text", file: file.path)
    }
    return text
  }

  private mutating func read(_ path: [UInt8], depth: Int) throws {
    guard depth <= Self.deepest else { throw problem(path, "folders are nested more than \(Self.deepest) deep") }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: host(path)) else {
      throw problem(path, "the folder cannot be read")
    }
    for name in names.sorted() {
      let inner = path + (path.isEmpty ? [] : [UInt8(ascii: "/")]) + Array(name.utf8)
      entries[try TreePath(inner)] = try entry(inner)
      guard entries.count <= Self.mostEntries else {
        throw problem([], "the folder has more than \(Self.mostEntries) files; the sandbox takes fewer")
      }
      if case .directory? = entries[try TreePath(inner)] { try read(inner, depth: depth + 1) }
    }
  }

  private mutating func entry(_ path: [UInt8]) throws -> FileTree.Entry {
    var status = stat()
    guard lstat(host(path), &status) == 0 else { throw problem(path, "the file cannot be read") }
    let mode = UInt16(status.st_mode & 0o777)
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .directory(mode: mode | 0o700)
    case S_IFLNK: return .link(target: try target(path))
    case S_IFREG:
      bytes += Int(status.st_size)
      guard bytes <= Self.mostBytes else { throw problem([], "the folder has more than 8 MiB; the sandbox takes less") }
      return .file(try Self.content(host(path)), mode: mode | 0o400)
    default: throw problem(path, "this is a FIFO, a socket or a device; a task may hold files, folders and links")
    }
  }

  private func target(_ path: [UInt8]) throws -> [UInt8] {
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: host(path)) else {
      throw problem(path, "the link cannot be read")
    }
    return Array(target.utf8)
  }

  /// The bytes of a file that was a plain one a moment ago: it is opened so that a link or a FIFO in its place neither
  /// leads away nor blocks.
  private static func content(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw EnvironmentError("the file cannot be read", file: path) }
    let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    do { return Array(try handle.read(upToCount: mostBytes + 1) ?? Data()) } catch {
      throw EnvironmentError("the file cannot be read: \(error.localizedDescription)", file: path)
    }
  }

  private func host(_ path: [UInt8]) -> String {
    path.isEmpty ? top : top + "/" + String(decoding: path, as: UTF8.self)
  }

  private func problem(_ path: [UInt8], _ message: String) -> EnvironmentError {
    EnvironmentError(message, file: host(path))
  }
}
