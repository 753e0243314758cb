import Episodes
import Foundation
import Testing

@testable import SeedlingCorpus

/// The simulated shell against the real one.
@Suite struct ReplayTests {
  @Test func commandsPrintWhatRealBashPrints() throws {
    let corpus = Corpus(seed: Seed(7))
    let documents = (0..<600).lazy.map(corpus.document(at:)).filter { !$0.commands.isEmpty }.prefix(240)
    #expect(documents.count == 240)
    for document in documents {
      let real = try RealFolder(files: document.files, folders: document.folders)
      defer { real.remove() }
      let outputs = try document.commands.map { try real.run($0).markup(limit: 2_000) }
      #expect(outputs == document.segments.filter { $0.source == .tool }.map(\.text), "\(document.text)")
    }
  }

  @Test func aWrongOutputWouldBeSeen() throws {
    let real = try RealFolder(files: ["a/b.txt": "rose\n"])
    defer { real.remove() }
    #expect(try real.run("cat a/b.txt").standardOutput == "rose\n")
    #expect(try real.run("cat a/c.txt").standardError == "cat: a/c.txt: No such file or directory\n")
    #expect(try real.run("cat a/c.txt").status == 1)
  }
}

/// Files in a temporary folder, and bash in it.
private struct RealFolder {
  let root: URL

  init(files: [String: String], folders: [String] = []) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "corpus-\(UUID().uuidString)")
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    for folder in folders + SimulatedShell.systemFolders {
      try FileManager.default.createDirectory(at: root.appending(path: folder), withIntermediateDirectories: true)
    }
  }

  func run(_ command: String) throws -> ToolOutput {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = root
    process.environment = ["LC_ALL": "C", "PATH": "/usr/bin:/bin"]
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    try process.run()
    let out = try output.fileHandleForReading.readToEnd() ?? Data()
    let err = try error.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return ToolOutput(
      standardOutput: String(decoding: out, as: UTF8.self), standardError: String(decoding: err, as: UTF8.self),
      status: process.terminationStatus)
  }

  func remove() { try? FileManager.default.removeItem(at: root) }
}
