import Foundation
import TestSupport
import Testing

@testable import Sandboxing

private func isRunning(_ process: Int32) -> Bool { kill(process, 0) == 0 }

private func processes(with text: String) throws -> [Int32] { try HostProcess.all(with: text) }

private func waitUntil(_ condition: () throws -> Bool) async throws -> Bool {
  try await HostProcess.waitUntil(condition)
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

  /// The machine may end PID 1 of a box; no command can. The worker answers for it and lives on.
  @Test func aLostBoxIsAFactAndKeepsTheFiles() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1, limits: .init(wallSeconds: 300)))
    let workers = sandbox.processes
    let tree = try FileTree(files: ["a/f": "kept"])
    let transition = try await HostProcess.interrupt("295.7391", by: { kill($0, SIGKILL) }) {
      try await sandbox.run("echo lost > f; echo said; sleep 295.7391; true", in: tree, directory: "/a")
    }
    #expect(transition.result.boxLost && transition.result.killed && transition.result.status == 137)
    #expect(transition.tree == tree && transition.directory == "/a" && !transition.treeUnreadable)
    #expect(sandbox.processes == workers)
    let program = try await HostProcess.interrupt("296.7391", by: { kill($0, SIGKILL) }) {
      try await sandbox.runPython("import os; os.system('sleep 296.7391')", in: tree)
    }
    #expect(program.boxLost)
    #expect(try await sandbox.run("cat a/f", in: tree).result.standardOutput == Array("kept".utf8))
    #expect(try await sandbox.runPython("print(1)", in: tree).standardOutput == Array("1\n".utf8))
    #expect(sandbox.processes == workers)
    await sandbox.close()
  }

  @Test func filesThatCannotBeReadBackAreAFact() async throws {
    let sandbox = try await Sandbox(configuration: .init(workers: 1, limits: .init(wallSeconds: 300)))
    let tree = try FileTree(files: ["a/f": "kept"])
    let transition = try await HostProcess.interrupt("297.7391", by: HostProcess.forbidFiles) {
      try await sandbox.run("cd a; echo said; echo new > f; sleep 297.7391; true", in: tree)
    }
    #expect(transition.treeUnreadable && !transition.result.boxLost)
    #expect(transition.result.standardOutput == Array("said\n".utf8))
    #expect(transition.tree == tree && transition.directory == "/")
    #expect(try await sandbox.run("cat a/f", in: tree).result.standardOutput == Array("kept".utf8))
    await sandbox.close()
  }

  @Test func aQueueHoldsNothingOfWhatWasTaken() async throws {
    let queue = JobQueue()
    let answers = Task {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<3 { group.addTask { _ = try await queue.answer(to: Array(repeating: 1, count: 1 << 20)) } }
        try await group.waitForAll()
      }
    }
    for left in [2, 1, 0] {
      let job = await Task.detached { queue.take() }.value
      #expect(try await waitUntil { queue.heldBytes == left << 20 })
      job?.answer.resume(throwing: SandboxError.closed)
    }
    await #expect(throws: SandboxError.closed) { try await answers.value }
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
    #expect(health.rerun == 9 && health.rerunDiffering == 0)
    await sandbox.close()
  }
}
