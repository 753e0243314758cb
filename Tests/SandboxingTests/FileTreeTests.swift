import Testing

@testable import Sandboxing

@Suite struct FileTreeTests {
  @Test func treesAreEqualWhenTheirFilesAre() throws {
    let one = try FileTree(files: ["a/b": "1", "c": "2"])
    #expect(try one == FileTree(files: ["c": "2", "a/b": "1"], directories: ["a"]))
    #expect(try one != FileTree(files: ["a/b": "1", "c": "3"]))
    #expect(try one != FileTree([TreePath("a/b"): .file([49], mode: 0o600), TreePath("c"): .file([50])]))
    #expect(one.digest.description.count == 64)
  }

  @Test func impliedDirectoriesAreThere() throws {
    let tree = try FileTree(files: ["a/b/c": ""])
    #expect(tree["a"] == .directory() && tree["a/b"] == .directory() && tree["a/b/c"] == .file([]))
    #expect(tree["x"] == nil && tree["/a"] == nil)
  }

  @Test(arguments: ["", "/a", "a/", "a//b", "./a", "a/..", "..", "a\0b", String(repeating: "x", count: 256)])
  func pathsThatAreNotPlainAreRefused(_ path: String) {
    #expect(throws: SandboxError.self) { try TreePath(path) }
  }

  @Test func pathsInsideFilesAndInTheSystemAreRefused() throws {
    #expect(throws: SandboxError.invalidTree("“a/b” is inside “a”, which is not a directory")) {
      try FileTree(files: ["a": "", "a/b": ""])
    }
    for path in ["usr/bin/bash", "proc", "etc/passwd"] {
      #expect(throws: SandboxError.self) { try FileTree(files: [path: ""]) }
    }
  }

  @Test func changesAreListedInPathOrder() throws {
    let before = try FileTree(files: ["same": "1", "b": "1", "gone": "1"])
    let after = try FileTree(files: ["same": "1", "b": "2", "a/new": "1"])
    let changes = before.changes(to: after)
    #expect(changes.map(\.path.description) == ["a", "a/new", "b", "gone"])
    #expect(changes[2].before == .file([49]) && changes[2].after == .file([50]))
    #expect(changes[3].after == nil && changes[0].before == nil)
    #expect(before.changes(to: before).isEmpty)
  }

  @Test func pathsOfAnyBytesAreShownSafely() throws {
    #expect(try TreePath([0x61, 0xff]).description == #"a\xff"#)
    #expect(try TreePath("ü\n").description == #"ü\x0a"#)
    #expect(try TreePath("a/b").parent == TreePath("a"))
  }

  @Test func theWireFormatKeepsEverything() throws {
    let entries: [TreePath: FileTree.Entry] = [
      try TreePath("d"): .directory(mode: 0o700), try TreePath("d/f"): .file([0, 1, 255], mode: 0o4755),
      try TreePath("l"): .link(target: [0xff]), try TreePath("o"): .oversized(bytes: 1 << 33, mode: 0o600),
    ]
    #expect(FileTree.decode(FileTree.encode(entries)) == entries)
  }
}
