import Foundation
import Sandboxing

/// The files and the surroundings in which the commands of a task run. A value: nothing is alive between commands.
struct Container: Sendable {
  var tree: FileTree
  var directory = BoxPath.root
  var variables: [String: String] = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
  var user = "root"

  /// The folders that Harbor mounts, and a home.
  init() throws {
    tree = try FileTree(files: [:], directories: ["logs/agent", "logs/artifacts", "logs/verifier", "root"])
  }

  var home: String { user == "root" || user == "0" ? "/root" : "/home/\(user)" }

  /// A command with the container's variables set before it, on the same line, so that the shell counts lines as usual.
  func surrounded(_ command: String, with more: [String: String] = [:]) -> String {
    let all = ["HOME": home].merging(variables) { $1 }.merging(more) { $1 }
    let settings = all.sorted { $0.key < $1.key }.filter { Self.isName($0.key) }
      .map { "\($0.key)=\($0.value.shellQuoted)" }
    return "export \(settings.joined(separator: " ")); " + command
  }

  private static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil }

  /// `$NAME` and `${NAME}` replaced by the variables that are set so far.
  func filled(_ text: String) -> String {
    text.replacing(/\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/) { match in
      variables[String(match.output.1 ?? match.output.2 ?? "")] ?? ""
    }
  }

  /// The absolute form of a path, without a slash at its end and without `.` and `..`.
  func absolute(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : directory.description + "/" + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts.map { "/" + $0 }.joined()
  }

  func isDirectory(_ path: String) -> Bool {
    if path.isEmpty { return true }
    if case .directory? = tree.target(of: String(path.dropFirst())) { return true }
    return false
  }

  /// Makes a directory and works there from now on.
  mutating func enter(_ path: String) throws {
    let place = absolute(path)
    if !isDirectory(place) { try put(.directory(), at: place) }
    directory = BoxPath(place.isEmpty ? "/" : place)
  }

  /// Puts a file or a directory at an absolute path, replacing what is there.
  mutating func put(_ entry: FileTree.Entry, at path: String) throws {
    tree = try tree.placing([try TreePath(String(path.dropFirst())): entry])
  }

  /// Puts files under an absolute path; `nil` or an empty one is the root.
  ///
  /// - Parameter file: named in complaints.
  mutating func overlay(_ files: [TreePath: FileTree.Entry], under path: String?, file: String) throws {
    let prefix = Array((path ?? "").utf8.dropFirst())
    let start = prefix.isEmpty ? [] : prefix + [UInt8(ascii: "/")]
    var moved: [TreePath: FileTree.Entry] = [:]
    if !prefix.isEmpty { moved[try TreePath(prefix)] = .directory() }
    for (name, entry) in files { moved[try TreePath(start + name.bytes)] = entry }
    do { tree = try tree.placing(moved) } catch let error as SandboxError {
      throw EnvironmentError(error.localizedDescription, file: file)
    }
  }
}

extension FileTree {
  /// This tree with entries put over what stands in their places. Files and links that stand where a directory is needed
  /// give way, so nothing in the tree can lead the entries elsewhere.
  func placing(_ files: [TreePath: Entry]) throws -> FileTree {
    var entries = entries
    for (path, entry) in files.sorted(by: { $0.key < $1.key }) {
      var above = path.parent
      while let directory = above {
        if let standing = entries[directory], !standing.isDirectory { entries[directory] = nil }
        above = directory.parent
      }
      if entry.isDirectory {
        if !(entries[path]?.isDirectory ?? false) { entries[path] = entry }
      } else {
        if entries[path]?.isDirectory ?? false { entries = entries.filter { !$0.key.isAt(orBelow: path) } }
        entries[path] = entry
      }
    }
    return try FileTree(entries)
  }

  /// This tree without what stands at and below some paths.
  func removing(_ paths: [TreePath]) throws -> FileTree {
    try FileTree(entries.filter { entry in !paths.contains { entry.key.isAt(orBelow: $0) } })
  }
}

extension FileTree.Entry {
  var isDirectory: Bool { if case .directory = self { true } else { false } }
}
