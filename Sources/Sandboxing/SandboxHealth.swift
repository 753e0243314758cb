import Foundation

/// What `subterfuge doctor` says about the sandbox.
package struct SandboxHealth: Sendable, Codable, Hashable {
  /// What `python3 --version` says in the box.
  package var python: String
  package var workers: Int
  /// Medians of seven runs, nothing remembered.
  package var commandMilliseconds: Double
  package var programMilliseconds: Double
  /// Commands and programs that were run a second time on the same files, and how many gave something else.
  package var rerun: Int
  package var rerunDiffering: Int
  /// The bubblewrap that is started.
  package var bubblewrap: String
  /// The Python of the machine that boxes get a copy of.
  package var pythonSource: String
  /// Whether the server in the box came compiled; otherwise it was compiled on this machine.
  package var serverIsPrebuilt: Bool
  /// The cached minimal system that boxes see.
  package var root: String
}

extension Sandbox {
  /// Runs harmless commands, checks what they print and measures them.
  ///
  /// - Throws: `SandboxError` when one of them cannot be run or does not do what it should.
  package func health() async throws -> SandboxHealth {
    let tree = try FileTree(files: ["health/module.py": "value = 42\n"])
    let version = try await computeTransition("python3 --version", tree, "/").value.result
    let program = ["import module; print(module.value)"]
    let answer = try await computeResult(program, tree, "/health").value
    guard version.status == 0, answer.standardOutput == Array("42\n".utf8) else {
      throw SandboxError.unavailable(
        reason: "Python in the box fails: \(escaped(version.standardError + answer.standardError))",
        remedy: "Remove the cached minimal system (\(BoxRoot.folder.path)) so that it is made again.")
    }
    return SandboxHealth(
      python: String(decoding: version.standardOutput, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
      workers: configuration.workers,
      commandMilliseconds: try await medianMilliseconds { _ = try await computeTransition("true", tree, "/") },
      programMilliseconds: try await medianMilliseconds { _ = try await computeResult(program, tree, "/health") },
      rerun: Self.everyday.count + 1, rerunDiffering: try await countDiffering(tree, program),
      bubblewrap: configuration.bubblewrap, pythonSource: try HostParts.python(),
      serverIsPrebuilt: HostParts.prebuilt != nil, root: try BoxRoot.prepare())
  }

  /// What policies run, and what must give the same each time on the same files.
  private static let everyday = [
    "ls -la / health", "cat health/module.py", "sed -i s/42/43/ health/module.py; cat health/module.py",
    "grep -rn value health", "find health -type f",
    "cd health; pwd; python3 -c 'import module; print(module.value, hash(\"x\"))'",
    "cp -r health copy; mv copy other; ls other", "ls nosuch",
  ]

  private func countDiffering(_ tree: FileTree, _ program: [String]) async throws -> Int {
    var differing = 0
    for command in Self.everyday {
      let first = try await computeTransition(command, tree, "/").value
      if try await computeTransition(command, tree, "/").value != first { differing += 1 }
    }
    let first = try await computeResult(program, tree, "/health").value
    return try await computeResult(program, tree, "/health").value == first ? differing : differing + 1
  }

  private func medianMilliseconds(of work: () async throws -> Void) async throws -> Double {
    var times: [Duration] = []
    for _ in 0..<7 { times.append(try await ContinuousClock().measure(work)) }
    return times.sorted()[3] / .milliseconds(1)
  }
}
