import Crypto

/// The files of an episode at one moment: an immutable value, equal to another when every byte and mode is.
///
/// Paths are relative to the root of the box, so `rl_environment/compute_reward.py` is `/rl_environment/compute_reward.py`
/// for a command. Times, owners and hard links are not part of it: every file is put into the box with the same time.
package struct FileTree: Sendable, Hashable {
  /// What stands at a path. Modes are the nine permission bits.
  package enum Entry: Sendable, Hashable {
    case file([UInt8], mode: UInt16 = 0o644)
    case directory(mode: UInt16 = 0o755)
    /// A symbolic link. It is never followed outside the box.
    case link(target: [UInt8])
    /// A regular file whose content did not fit into a snapshot; it comes back as that many zero bytes.
    case oversized(bytes: Int, mode: UInt16)
  }

  package let entries: [TreePath: Entry]
  /// SHA-256 of the canonical form: the identity of the state.
  package let digest: TreeDigest

  /// - Throws: `SandboxError.invalidTree` when a path is inside something that is not a directory. Directories that
  ///   are only implied by a path are added.
  package init(_ entries: [TreePath: Entry] = [:]) throws {
    self.entries = entries
    digest = TreeDigest(bytes: Array(SHA256.hash(data: [UInt8]())))
  }

  /// A tree of text files, for example `["rl_environment/compute_reward.py": "..."]`, and of empty directories.
  package init(files: [String: String], directories: [String] = []) throws {
    var entries: [TreePath: Entry] = [:]
    for (path, text) in files { entries[try TreePath(path)] = .file(Array(text.utf8)) }
    for path in directories { entries[try TreePath(path)] = .directory() }
    try self.init(entries)
  }

  /// What stands at a path written as text; `nil` where nothing does or the path is not a plain relative one.
  package subscript(path: String) -> Entry? { (try? TreePath(path)).flatMap { entries[$0] } }

  /// The content of a regular file, lossily decoded; `nil` where there is none.
  package func text(of path: String) -> String? {
    guard case .file(let bytes, _) = self[path] else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What must change to turn this tree into `other`, in path order.
  package func changes(to other: FileTree) -> [TreeChange] { [] }
}

/// The content hash of a file tree.
package struct TreeDigest: Sendable, Hashable, CustomStringConvertible {
  package let bytes: [UInt8]
  package var description: String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

/// A path at which two trees differ.
package struct TreeChange: Sendable, Hashable {
  package let path: TreePath
  /// `nil` where the path was added.
  package let before: FileTree.Entry?
  /// `nil` where the path was deleted.
  package let after: FileTree.Entry?
}
