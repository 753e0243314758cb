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
    let block = [UInt8](repeating: 7, count: 4096)
    let entries: [TreePath: FileTree.Entry] = [
      try TreePath("d"): .directory(mode: 0o700), try TreePath("d/f"): .file([0, 1, 255], mode: 0o4755),
      try TreePath("l"): .link(target: [0xff]),
      try TreePath("o"): .sparse(SparseContent(size: 1 << 33, blocks: [.init(number: 9, bytes: block)]), mode: 0o600),
    ]
    #expect(FileTree.decode(FileTree.encode(entries)) == entries)
  }

  /// 16 blocks of zeros make the difference, wherever the file came from.
  @Test func filesOfZerosHaveOneForm() throws {
    func entry(_ bytes: [UInt8]) throws -> FileTree.Entry? { try FileTree([TreePath("f"): .file(bytes)])["f"] }
    let full = [UInt8](repeating: 1, count: 4096)
    let zeros = [UInt8](repeating: 0, count: 16 * 4096)
    #expect(try entry(zeros) == .sparse(SparseContent(size: 65536, blocks: []), mode: 0o644))
    #expect(try entry(Array(zeros.dropLast(4096)) + full) == .file(Array(zeros.dropLast(4096)) + full))
    let mixed = full + zeros + [9]
    #expect(try entry(mixed)?.content == mixed)
    guard case .sparse(let content, _)? = try entry(mixed) else {
      Issue.record("not sparse")
      return
    }
    #expect(content.blocks.map(\.number) == [0, 17] && content.blocks[1].bytes == [9] + zeros.prefix(4095))
  }

  @Test func linksAreFollowedInsideTheTree() throws {
    let tree = try FileTree([
      TreePath("x/f"): .file(Array("text".utf8)), TreePath("d"): .link(target: Array("x".utf8)),
      TreePath("x/up"): .link(target: Array("../d/f".utf8)), TreePath("absolute"): .link(target: Array("/d/./up".utf8)),
      TreePath("circle"): .link(target: Array("circle".utf8)),
      TreePath("out"): .link(target: Array("/etc/passwd".utf8)),
      TreePath("high"): .link(target: Array("../../x/f".utf8)),
    ])
    for path in ["x/f", "d/f", "x/up", "d/up", "absolute", "high"] { #expect(tree.text(of: path) == "text", "\(path)") }
    for path in ["circle", "out", "circle/f", "x/f/g", "nothing"] { #expect(tree.target(of: path) == nil, "\(path)") }
    #expect(try tree.place(of: TreePath("d/new")) == TreePath("x/new"))
    #expect(try tree.place(of: TreePath("nothing/new")) == nil)
  }

  @Test func permissionsDecideWhatCanBeRead() throws {
    let tree = try FileTree([
      TreePath("a"): .directory(mode: 0o600), TreePath("a/f"): .file([], mode: 0o644),
      TreePath("b"): .directory(mode: 0o100), TreePath("b/f"): .file([], mode: 0o400),
      TreePath("b/g"): .file([], mode: 0o200), TreePath("l"): .link(target: Array("a/f".utf8)),
    ])
    #expect(["a/f", "b/f", "b/g", "l", "b"].map(tree.isReadable) == [false, true, false, false, false])
  }
}
