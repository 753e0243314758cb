package import Foundation

/// A file from elsewhere that holds samples of evaluations.
package struct LogFile: Sendable, Hashable {
  /// How the file is written.
  package enum Format: String, Sendable, Codable {
    /// A log of Inspect as an archive (`.eval`) or as JSON.
    case inspectArchive = "inspect eval"
    case inspectJSON = "inspect json"
    /// One trajectory, and many as JSON Lines.
    case trajectory = "atif"
    case trajectories = "atif lines"
  }

  package var url: URL
  /// As a person calls it: relative to the folder that was named.
  package var name: String
  package var format: Format

  /// The beginning of a file that tells what it holds.
  private static let peekBytes = 4_096

  /// Recognises a log by its name and its beginning; `nil` for other files.
  ///
  /// - Throws: `TableError` if the file cannot be read.
  static func recognised(_ url: URL, name: String) throws -> LogFile? {
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    switch plain.split(separator: ".").last?.lowercased() {
    case "eval" where plain == name: return LogFile(url: url, name: name, format: .inspectArchive)
    case "json":
      let start = try beginning(url)
      if start.contains("\"ATIF-v") { return LogFile(url: url, name: name, format: .trajectory) }
      // Inspect writes its version first.
      return start.prefixMatch(of: /\x{FEFF}?\s*\{\s*"(version|status|eval)"/) != nil
        ? LogFile(url: url, name: name, format: .inspectJSON) : nil
    case "jsonl":
      return try beginning(url).contains("\"ATIF-v") ? LogFile(url: url, name: name, format: .trajectories) : nil
    default: return nil
    }
  }

  private static func beginning(_ url: URL) throws -> String {
    let pieces = try FilePieces(url)
    return String(decoding: try pieces.next().prefix(peekBytes), as: UTF8.self)
  }

  /// - Throws: `TableError` for a symbolic link, a pipe or a device, which a folder from elsewhere may hold.
  static func checkPlain(_ url: URL, name: String) throws {
    let values = try? url.resourceValues(forKeys: [.isSymbolicLinkKey, .isRegularFileKey])
    if values?.isSymbolicLink == true {
      throw TableError(file: name, "it is a symbolic link, which is not followed inside a folder; name the file itself")
    }
    if values?.isRegularFile == false { throw TableError(file: name, "it is not a plain file") }
  }

  /// The content of a file.
  ///
  /// - Throws: `TableError` if it cannot be read or is longer than `limit` bytes.
  static func bytes(_ url: URL, name: String, limit: Int) throws -> [UInt8] {
    let pieces = try FilePieces(url)
    var bytes: [UInt8] = []
    while true {
      let piece = try pieces.next()
      if piece.isEmpty { return bytes }
      bytes += piece
      if bytes.count > limit { throw TableError(file: name, "it is longer than \(limit >> 20) MiB") }
    }
  }
}

/// The logs among the files that a user named.
package struct LogFolder: Sendable {
  /// In the order of their names.
  package var files: [LogFile] = []
  /// Files that are not logs: those that were named, and the tables in folders.
  package var others: [String] = []

  /// Finds logs in folders at any depth and among named files. Other files are left to other readers.
  ///
  /// - Throws: `TableError` for a path that does not exist, or a log in a folder that is a link.
  package init(_ paths: [URL]) throws {
    for path in paths {
      if try NamedPath.isFolder(path) {
        try addFiles(in: path)
      } else if let file = try LogFile.recognised(path, name: path.lastPathComponent) {
        files.append(file)
      } else {
        others.append(path.lastPathComponent)
      }
    }
    let names = Dictionary(grouping: files) { $0.url.standardizedFileURL }
    if let twice = names.values.first(where: { $0.count > 1 })?.first {
      throw TableError(file: twice.name, "it is named twice")
    }
  }

  private mutating func addFiles(in folder: URL) throws {
    for (url, name) in try NamedPath.files(in: folder) where Self.isCandidate(name) {
      try LogFile.checkPlain(url, name: name)
      if let file = try LogFile.recognised(url, name: name) {
        files.append(file)
      } else if !name.hasSuffix(".json") {
        others.append(name)
      }
    }
  }

  /// Whether a file of a folder may be a log by its name. Of an agent's files only the trajectory is; others hold its
  /// continuations, and parts that helpers played.
  private static func isCandidate(_ name: String) -> Bool {
    let parts = name.split(separator: "/")
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    guard let ending = plain.split(separator: ".").last, ["eval", "json", "jsonl", "csv"].contains(ending.lowercased())
    else {
      return false
    }
    return parts.count < 2 || parts[parts.count - 2] != "agent" || parts.last == "trajectory.json"
  }
}
