import Foundation
import Testing

@testable import Sandboxing

private func isRunning(_ process: Int32) -> Bool { kill(process, 0) == 0 }

/// Process numbers of the host whose command line contains a text.
private func processes(with text: String) throws -> [Int32] {
  try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init).filter {
    let line = try? Data(contentsOf: URL(filePath: "/proc/\($0)/cmdline"))
    return line.map { String(decoding: $0, as: UTF8.self).contains(text) } ?? false
  }
}

private func waitUntil(_ condition: () throws -> Bool) async throws -> Bool {
  for _ in 0..<1_000 {
    if try condition() { return true }
    try await Task.sleep(for: .milliseconds(30))
  }
  return false
}

@Suite struct SandboxTests {
  @Test func aMissingBubblewrapIsOneClearError() async {
    await #expect(throws: SandboxError.bubblewrapMissing("/nonexistent/bwrap")) {
      try await Sandbox(configuration: .init(workers: 1, bubblewrap: "/nonexistent/bwrap"))
    }
  }

  @Test func aBubblewrapThatGivesUpIsQuotedWithARemedy() async throws {
    let error = await #expect(throws: SandboxError.self) {
      try await Sandbox(configuration: .init(workers: 2, bubblewrap: "/usr/bin/ls"))
    }
    let text = try #require(error?.errorDescription)
    #expect(text.contains("“/usr/bin/ls: unrecognized option '--unshare-user'"))
    #expect(text.contains("user.max_user_namespaces"))
  }

  @Test func aDeadWorkerFailsItsCommandAndIsReplaced() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1, limits: .init(wallSeconds: 300)))
    let tree = try FileTree()
    async let lost = sandbox.run("sleep 294.7391; sleep 0", in: tree)
    #expect(try await waitUntil { try !processes(with: "294.7391").isEmpty })
    for process in sandbox.processes { kill(process, SIGKILL) }
    do {
      let transition = try await lost
      Issue.record("no error but \(transition)")
    } catch {
      guard case SandboxError.workerDied = error else { throw error }
    }
    #expect(try await waitUntil { try processes(with: "294.7391").isEmpty })
    #expect(try await sandbox.run("echo again", in: tree).result.standardOutput == Array("again\n".utf8))
    await sandbox.close()
  }

  @Test func closingEndsEveryProcessAndRefusesMore() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 2, limits: .init(wallSeconds: 300)))
    let workers = sandbox.processes
    #expect(workers.count == 4)
    let tree = try FileTree()
    let busy = Task { try await sandbox.run("sleep 293.7391; sleep 0", in: tree) }
    #expect(try await waitUntil { try !processes(with: "293.7391").isEmpty })
    await sandbox.close()
    #expect(!workers.contains(where: isRunning))
    #expect(try await waitUntil { try processes(with: "293.7391").isEmpty })
    await #expect(throws: SandboxError.self) { try await busy.value }
    await #expect(throws: SandboxError.closed) { try await sandbox.run("true", in: tree) }
  }

  @Test func nothingOutlivesAKilledOwner() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let sandbox = try await Sandbox(configuration: .init(workers: 2, limits: .init(wallSeconds: 30)))
      let note = FileManager.default.temporaryDirectory.appending(path: "sandbox-owner-\(getppid())")
      try Data(sandbox.processes.map(String.init).joined(separator: " ").utf8).write(to: note)
      let tree = try FileTree()
      Task { try await sandbox.run("sleep 29.8391; sleep 0", in: tree) }
      #expect(try await waitUntil { try !processes(with: "29.8391").isEmpty })
      kill(getpid(), SIGKILL)
    }
    let note = FileManager.default.temporaryDirectory.appending(path: "sandbox-owner-\(getpid())")
    let workers = try String(contentsOf: note, encoding: .utf8).split(separator: " ").compactMap { Int32($0) }
    try FileManager.default.removeItem(at: note)
    #expect(workers.count == 4)
    #expect(try await waitUntil { !workers.contains(where: isRunning) })
    #expect(try processes(with: "29.8391").isEmpty)
  }

  @Test func manyCommandsAtOnceEachGetTheirOwnAnswer() async throws {
    let sandbox = try await Sandbox(configuration: .init(rememberedBytes: 0))
    let tree = try FileTree()
    let answers = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      for index in 0..<100 {
        group.addTask { (index, try await sandbox.run("echo \(index)", in: tree).result.standardOutput) }
      }
      return try await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
    }
    for index in 0..<100 { #expect(answers[index] == Array("\(index)\n".utf8)) }
    await sandbox.close()
  }

  @Test func healthMeasuresTheRealThing() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1))
    let health = try await sandbox.health()
    #expect(health.python.hasPrefix("Python 3."))
    #expect(health.commandMilliseconds > 0.1 && health.commandMilliseconds.isFinite)
    #expect(health.programMilliseconds > 0.1 && health.programMilliseconds.isFinite)
    await sandbox.close()
  }
}
