import Episodes
import Sandboxing

/// Files, and where the next command runs.
struct FolderShell: Sendable {
  private(set) var tree: FileTree
  var directory = BoxPath.root
  /// What happened to the files on the way.
  private(set) var hindrances: Set<Predicate> = []
  /// The files that the last command ran on: a box has held them.
  private var lastGood: FileTree?

  init(tree: FileTree) { self.tree = tree }

  /// The state with the files before the last command, for when those after it cannot be used.
  var beforeLast: FolderShell? {
    guard let lastGood, lastGood != tree else { return nil }
    var shell = self
    shell.tree = lastGood
    shell.hindrances.insert(.treeUnreadable)
    return shell
  }

  /// Runs a command. Files that no box takes give way to the last ones that one took.
  ///
  /// - Throws: `SandboxError` when the host is at fault, or the files of the environment itself do not fit.
  mutating func run(_ command: String, in sandbox: Sandbox) async throws -> CommandResult {
    do {
      return try await step(command, in: sandbox)
    } catch let error as SandboxError {
      guard case .invalidTree = error, let earlier = beforeLast else { throw error }
      self = earlier
      return try await step(command, in: sandbox)
    }
  }

  private mutating func step(_ command: String, in sandbox: Sandbox) async throws -> CommandResult {
    let transition = try await sandbox.run(command, in: tree, directory: directory)
    (lastGood, tree, directory) = (tree, transition.tree, transition.directory)
    if transition.result.boxLost { hindrances.insert(.boxLost) }
    if transition.treeUnreadable { hindrances.insert(.treeUnreadable) }
    if transition.filesLeftOut { hindrances.insert(.filesLeftOut) }
    return transition.result
  }
}
