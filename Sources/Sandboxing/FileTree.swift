/// The files of an episode at one moment: an immutable value, equal to another when every byte and mode is.
///
/// Paths are relative to the root of the box, so `rl_environment/compute_reward.py` is `/rl_environment/compute_reward.py`
/// for a command. Times, owners and hard links are not part of it: every file is put into the box with the same time,
/// in the same order. An empty `/tmp` is not part of it either.
package struct FileTree: Sendable {
  /// What stands at a path. Modes are permission bits.
  package enum Entry: Sendable, Hashable {
    case file([UInt8], mode: UInt16 = 0o644)
    case directory(mode: UInt16 = 0o755)
    /// A symbolic link. It is never followed outside the box.
    case link(target: [UInt8])
    /// A regular file with at least 16 blocks (of 4096 bytes) of zeros, holes or written.
    case sparse(SparseContent, mode: UInt16 = 0o644)
  }

  package let entries: [TreePath: Entry]
  /// SHA-256 of the canonical form: the identity of the state.
  package let digest: ContentHash
  /// The canonical form: entries in path order, as the server reads them.
  let encoded: [UInt8]

  /// Top-level names that belong to the box itself and cannot be in a tree.
  package static let systemNames: Set<String> = ["usr", "etc", "dev", "bin", "sbin", "lib", "lib64", "proc"]

  /// Directories that are only implied by a path are added.
  ///
  /// - Throws: `SandboxError.invalidTree` when a path is inside something that is not a directory, or belongs to the
  ///   system of the box.
  package init(_ entries: [TreePath: Entry] = [:]) throws {
    var whole = entries.mapValues(\.canonical)
    for path in entries.keys {
      guard !Self.systemNames.contains(path.firstComponent) else {
        throw SandboxError.invalidTree("“\(path)” would replace a part of the box's own system")
      }
      var above = path.parent
      while let directory = above {
        if case .directory? = whole[directory] { break }
        guard whole[directory] == nil else {
          throw SandboxError.invalidTree("“\(path)” is inside “\(directory)”, which is not a directory")
        }
        whole[directory] = .directory()
        above = directory.parent
      }
    }
    self.init(checked: whole)
  }

  /// A tree of text files, for example `["rl_environment/compute_reward.py": "..."]`, and of empty directories.
  package init(files: [String: String], directories: [String] = []) throws {
    var entries: [TreePath: Entry] = [:]
    for path in directories { entries[try TreePath(path)] = .directory() }
    for (path, text) in files { entries[try TreePath(path)] = .file(Array(text.utf8)) }
    try self.init(entries)
  }

  /// For entries whose parents are known to be directories.
  init(checked entries: [TreePath: Entry]) {
    self.entries = entries
    encoded = Self.encode(entries)
    digest = ContentHash(of: encoded)
  }

  /// What stands at a path written as text; `nil` where nothing does or the path is not a plain relative one.
  package subscript(path: String) -> Entry? { (try? TreePath(path)).flatMap { entries[$0] } }

  /// The content of a regular file, lossily decoded; `nil` where there is none. Links are followed inside the tree.
  package func text(of path: String) -> String? {
    target(of: path)?.content.map { String(decoding: $0, as: UTF8.self) }
  }

  /// What must change to turn this tree into `other`, in path order.
  package func changes(to other: FileTree) -> [TreeChange] {
    guard self != other else { return [] }
    let paths = Set(entries.keys).union(other.entries.keys)
    return paths.filter { entries[$0] != other.entries[$0] }.sorted()
      .map { TreeChange(path: $0, before: entries[$0], after: other.entries[$0]) }
  }
}

extension FileTree: Hashable {
  package static func == (left: FileTree, right: FileTree) -> Bool { left.digest == right.digest }
  package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension FileTree.Entry {
  /// The bytes of a regular file.
  package var content: [UInt8]? {
    switch self {
    case .file(let bytes, _): bytes
    case .sparse(let content, _): content.bytes
    case .directory, .link: nil
    }
  }

  /// The form that a box gives back.
  fileprivate var canonical: Self {
    guard case .file(let bytes, let mode) = self, let content = SparseContent(bytes) else { return self }
    return .sparse(content, mode: mode)
  }
}

/// A path at which two trees differ.
package struct TreeChange: Sendable, Hashable {
  package let path: TreePath
  /// `nil` where the path was added.
  package let before: FileTree.Entry?
  /// `nil` where the path was deleted.
  package let after: FileTree.Entry?
}
