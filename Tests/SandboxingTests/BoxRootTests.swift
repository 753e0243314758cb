import Foundation
import Testing

@testable import Sandboxing

@Suite struct BoxRootTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "box-root-\(UUID().uuidString)")

  /// What a program prints, and its exit status.
  private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    (process.executableURL, process.arguments) = (URL(filePath: program), arguments)
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// A package's server, and a Python that lies in a folder of its own, as uv's do.
  @Test func aPrebuiltServerAndAPythonOfElsewhereMakeTheSystem() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["prebuilt", "python/bin", "python/lib"] {
      try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
    }
    let prebuilt = folder.appending(path: "prebuilt")
    for name in ["server", "libserver.so"] {
      try Data("this is \(name)".utf8).write(to: prebuilt.appending(path: name))
    }
    let library = try run("/usr/bin/python3", ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]).output
    let python = folder.appending(path: "python").path
    _ = try run("/usr/bin/cp", ["-L", "/usr/bin/python3", "\(python)/bin/python3"])
    _ = try run("/usr/bin/cp", ["-r", library, "\(python)/lib/"])

    let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Sources/Sandboxing/Resources/Server"
    ).standardizedFileURL.path
    let root = folder.appending(path: "root").path
    let made = try run(
      "/usr/bin/bash", ["\(sources)/make-root.sh", sources, root, "\(python)/bin/python3", prebuilt.path])
    try #require(made.status == 0, "\(made.output)")

    for name in ["server", "libserver.so"] {
      let copy = "\(root)/server/\(name)"
      #expect(try String(contentsOfFile: copy, encoding: .utf8) == "this is \(name)")
      #expect(FileManager.default.isExecutableFile(atPath: copy))
    }
    let program = "import json, ctypes, hashlib; print(json.__file__)"
    let inside = try run(
      "/usr/bin/bwrap", ["--unshare-user", "--ro-bind", root, "/", "/usr/bin/python3", "-I", "-S", "-c", program])
    #expect(inside.output == "/usr/lib/\((library as NSString).lastPathComponent)/json/__init__.py")
  }

  /// pip leaves `__pycache__` beside the Python files that it installs.
  @Test func theSystemIsMadeAgainForAnotherServerAndNotForCompiledPython() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let compiled = folder.appending(path: "__pycache__")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("one".utf8).write(to: folder.appending(path: "server"))
    let key = try BoxRoot.key(of: [folder], "/usr/bin/python3")
    try FileManager.default.createDirectory(at: compiled, withIntermediateDirectories: true)
    try Data("host".utf8).write(to: compiled.appending(path: "host.pyc"))
    #expect(try BoxRoot.key(of: [folder], "/usr/bin/python3") == key)
    try Data("two".utf8).write(to: folder.appending(path: "server"))
    #expect(try BoxRoot.key(of: [folder], "/usr/bin/python3") != key)
  }

  @Test func theMachinesOwnPartsComeFirst() throws {
    #expect(try HostParts.python() == "/usr/bin/python3")
    #expect(HostParts.bubblewrap == "/usr/bin/bwrap")
    #expect(HostParts.prebuilt == nil)
    #expect(try BoxRoot.reachable("/usr/bin/bwrap") == "/usr/bin/bwrap")
  }
}
