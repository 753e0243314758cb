/// Symbolic links inside a tree, followed as the kernel follows them inside a box.
extension FileTree {
  /// The path to which `path` leads when every link on the way is followed, the last one included; `nil` where nothing of
  /// the tree stands there, as with a link that leads into the system of the box or in a circle.
  package func destination(of path: TreePath) -> TreePath? {
    var steps = 0
    return follow(path, from: nil, &steps).flatMap { entries[$0] == nil ? nil : $0 }
  }

  /// Where a new file called `path` would be made: the directories on the way are followed, and the last name if a link
  /// stands there that leads somewhere; `nil` where a directory is missing.
  package func place(of path: TreePath) -> TreePath? {
    if let destination = destination(of: path) { return destination }
    guard let parent = path.parent else { return path }
    guard let directory = destination(of: parent), case .directory? = entries[directory] else { return nil }
    return directory.appending(path.lastComponent)
  }

  /// What stands at a path written as text once links are followed; `nil` where nothing of the tree does.
  package func target(of path: String) -> Entry? {
    (try? TreePath(path)).flatMap(destination).flatMap { entries[$0] }
  }

  /// Whether the user of the box can read what stands at a path: every directory on the way can be searched, and the file
  /// itself be read. Links are followed.
  package func isReadable(_ path: String) -> Bool {
    guard let place = (try? TreePath(path)).flatMap(destination), let entry = entries[place] else { return false }
    var above = place.parent
    while let directory = above {
      guard case .directory(let mode)? = entries[directory], mode & 0o100 != 0 else { return false }
      above = directory.parent
    }
    return switch entry {
    case .file(_, let mode), .sparse(_, let mode), .directory(let mode): mode & 0o400 != 0
    case .link: false
    }
  }

  /// Follows `path` from a directory whose own path holds no links. The kernel gives up after 40 links.
  private func follow(_ path: TreePath, from start: TreePath?, _ links: inout Int) -> TreePath? {
    walk(path.bytes, from: start, &links) ?? nil
  }

  /// - Returns: `.some(nil)` for the top of the tree, `nil` where the way ends.
  private func walk(_ bytes: [UInt8], from start: TreePath?, _ links: inout Int) -> TreePath?? {
    let slash = UInt8(ascii: "/")
    var here = bytes.first == slash ? nil : start
    for name in bytes.split(separator: slash) where !name.elementsEqual(".".utf8) {
      if name.elementsEqual("..".utf8) {
        here = here?.parent
        continue
      }
      let next = here?.appending(Array(name)) ?? TreePath(unchecked: Array(name))
      guard case .link(let target)? = entries[next] else {
        here = next
        continue
      }
      links += 1
      guard links <= 40, !target.isEmpty, let end = walk(target, from: here, &links) else { return nil }
      here = end
    }
    return .some(here)
  }
}
