package import Sandboxing

/// Which files of a task are the agent's work: those that the reference solution changes, and new ones beside them.
///
/// What existed at the start and the solution leaves alone is not work: tests, data, configuration. Neither are new files
/// that Python or a test runner would load by themselves, and names in `/tests`, `/logs` and the home folder.
package struct WorkArea: Sendable, Hashable {
  /// What the reference solution changes, or the task's artifacts where there is none.
  package let paths: Set<TreePath>
  /// The files as the agent found them.
  private let start: FileTree
  private let home: TreePath?
  /// Names that Python would load in place of a module of its own.
  private let shadowing: Set<String>

  /// - Parameters:
  ///   - solved: the files that the reference solution left; `nil` without one.
  ///   - box: the built task.
  package init(solved: FileTree?, of box: HarborBox) {
    start = box.start
    home = try? TreePath(String(box.home.dropFirst()))
    shadowing = Self.startupNames.union(PythonModules.standard)
    let changed = solved.map { box.start.changes(to: $0).filter { !$0.isDirectory }.map(\.path) } ?? []
    let kept = changed.filter { path in !Self.isOutside(path) && !Self.isOwn(path) }
    let artifacts = box.task.settings.artifacts.compactMap {
      try? TreePath(String($0.split(separator: "/").joined(separator: "/")))
    }
    let folder = try? TreePath(String(box.directory.description.dropFirst()))
    paths = Set(kept.isEmpty ? artifacts.isEmpty ? folder.map { [$0] } ?? [] : artifacts : kept)
  }

  /// Files that Python, pytest or a shell load without being asked.
  static let startupNames: Set<String> = [
    "sitecustomize", "usercustomize", "conftest", "pytest", "setup.cfg", "pytest.ini", "tox.ini", "pyproject.toml",
  ]

  private static func isOutside(_ path: TreePath) -> Bool {
    ["tests", "logs", "tmp", "solution"].contains { path.firstName == $0 }
  }

  /// Whether an entry is a link into a folder that is not the agent's, by the words of its target.
  private static func leadsOutside(_ entry: FileTree.Entry, at path: TreePath) -> Bool {
    guard case .link(let bytes) = entry else { return false }
    let target = String(decoding: bytes, as: UTF8.self)
    let whole = target.hasPrefix("/") ? target : "\(path.parent?.description ?? "")/\(target)"
    let names = whole.split(separator: "/").reduce(into: [Substring]()) { names, name in
      if name == ".." { _ = names.popLast() } else if name != "." { names.append(name) }
    }
    // Through /proc/self/root the same folders have other names.
    if ["proc", "dev", "sys"].contains(names.first ?? "") { return true }
    return (try? TreePath(names.joined(separator: "/"))).map(isOutside) ?? false
  }

  private static func isOwn(_ path: TreePath) -> Bool { path.description.contains("/__pycache__/") }

  /// Whether what stands at a path after the agent is its work.
  package func contains(_ path: TreePath) -> Bool {
    if paths.contains(path) { return true }
    guard start.entries[path] == nil, !Self.isOutside(path), !Self.isOwn(path) else { return false }
    if let home, path.isAt(orBelow: home) { return false }
    guard !shadowing.contains(path.lastName), !shadowing.contains(String(path.lastName.prefix { $0 != "." })) else {
      return false
    }
    return paths.contains { work in path.isAt(orBelow: work) || work.parent.map { path.isAt(orBelow: $0) } ?? false }
  }

  /// A fresh tree with the agent's work in it. A link to what is not the agent's, such as an answer among the tests, is no
  /// work.
  func carried(from tree: FileTree, to fresh: FileTree) throws -> FileTree {
    let work = tree.entries.filter { path, entry in
      contains(path) && !entry.isDirectory && !Self.leadsOutside(entry, at: path)
    }
    let deleted = paths.filter { tree.entries[$0] == nil && fresh.entries[$0].map { !$0.isDirectory } ?? false }
    return try fresh.removing(Array(deleted)).placing(work)
  }

  /// The tree with everything that is not work as it was at the start, except what is new: tests that cannot be written.
  package func guarded(_ tree: FileTree) throws -> FileTree {
    let changes = guardsChanged(to: tree)
    return try tree.placing(
      Dictionary(
        uniqueKeysWithValues: changes.compactMap { change in
          change.before.map { (change.path, $0) }
        }))
  }

  /// Files of the start, not work, that the agent changed or deleted.
  package func guardsChanged(to tree: FileTree) -> [TreeChange] {
    start.changes(to: tree).filter { $0.before != nil && !$0.isDirectory && !contains($0.path) }
  }
}

extension TreeChange {
  fileprivate var isDirectory: Bool { (before ?? after)?.isDirectory ?? false }
}

extension TreePath {
  fileprivate var firstName: String { description.prefix { $0 != "/" }.description }
  fileprivate var lastName: String { (description.split(separator: "/").last ?? "").description }
}
