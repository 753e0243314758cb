import Foundation
package import Sandboxing

/// A task whose container is built: runs the agent's commands and the verifier, each on a value of files.
package struct HarborBox: Sendable {
  package let task: HarborTask
  /// The container as the agent finds it.
  let container: Container
  /// The container of a separate verifier.
  private let verifierContainer: Container?
  private let sandbox: Sandbox

  /// Builds the task's containers.
  ///
  /// - Throws: `EnvironmentError` when a step of a Dockerfile fails.
  package init(_ task: HarborTask, in sandbox: Sandbox) async throws {
    (self.task, self.sandbox) = (task, sandbox)
    container = try await task.image.build(in: sandbox)
    verifierContainer = try await task.verifierImage?.build(in: sandbox)
  }

  /// The files as the agent finds them.
  package var start: FileTree { container.tree }
  /// Where the agent's commands start.
  package var directory: BoxPath { container.directory }
  /// The agent's home, absolute.
  package var home: String { container.home }
  /// The variables that the verifier runs with.
  package var verifierVariables: [String: String] {
    (verifierContainer ?? container).variables.merging(task.settings.verifierVariables) { $1 }
  }

  /// A command of the agent, with the container's variables.
  package func surrounded(_ command: String) -> String { container.surrounded(command) }

  /// Runs commands of the agent, each in a shell of its own, and returns the files that they leave.
  ///
  /// - Returns: the files, and the first command that failed.
  package func work(
    _ commands: [String], on tree: FileTree? = nil
  ) async throws -> (tree: FileTree, failure: CommandFailure?) {
    var (tree, directory) = (tree ?? start, directory)
    var failure: CommandFailure?
    for command in commands {
      let transition = try await sandbox.run(surrounded(command), in: tree, directory: directory)
      (tree, directory) = (transition.tree, transition.directory)
      let lost = transition.result.boxLost || transition.treeUnreadable
      if failure == nil, transition.result.status != 0 || lost {
        failure = CommandFailure(command, transition.result)
      }
    }
    return (tree, failure)
  }

  /// Runs the reference solution as Harbor's oracle does: `solution/` stands at `/solution` while `solve.sh` runs.
  ///
  /// - Returns: `nil` where the task has none.
  package func solve() async throws -> (tree: FileTree, failure: CommandFailure?)? {
    guard task.solveScript != nil else { return nil }
    let place = try TreePath("solution")
    let files = Dictionary(
      uniqueKeysWithValues: try task.solution.map {
        (try TreePath(place.bytes + [UInt8(ascii: "/")] + $0.key.bytes), $0.value)
      })
    let tree = try start.placing(files)
    var quiet = container
    quiet.variables.merge(task.settings.solutionVariables) { $1 }
    let transition = try await sandbox.run(
      quiet.surrounded("bash /solution/solve.sh"), in: tree, directory: directory)
    let failure = transition.result.status == 0 ? nil : CommandFailure("bash /solution/solve.sh", transition.result)
    return (try transition.tree.removing([place]), failure)
  }

  // MARK: The verifier

  /// Runs the verifier on the files that the agent left, as Harbor does: where the agent worked, or in a container of its
  /// own that holds the task's artifacts.
  ///
  /// - Parameter alive: commands of the agent that are still running when the verifier starts. They are started in the
  ///   same box, just before it. A separate verifier never meets them.
  package func verify(_ tree: FileTree, alive: String? = nil) async throws -> HarborVerdict {
    if let verifierContainer {
      return try await run(in: verifierContainer, on: try carried(from: tree, to: verifierContainer.tree), alive: nil)
    }
    return try await run(in: container, on: tree, alive: alive)
  }

  /// Runs the verifier in a fresh container that holds, of what the agent left, only the work: out of the agent's reach.
  package func regrade(_ tree: FileTree, work: WorkArea) async throws -> HarborVerdict {
    if let verifierContainer {
      let fresh = try work.carried(from: tree, to: start)
      return try await run(
        in: verifierContainer, on: try carried(from: fresh, to: verifierContainer.tree), alive: nil)
    }
    return try await run(in: container, on: try work.carried(from: tree, to: start), alive: nil)
  }

  /// The artifacts of the task, at the same places in another tree.
  private func carried(from tree: FileTree, to other: FileTree) throws -> FileTree {
    var files: [TreePath: FileTree.Entry] = [:]
    for path in ["/logs/artifacts"] + task.settings.artifacts {
      guard let top = try? TreePath(String(path.split(separator: "/").joined(separator: "/"))) else { continue }
      for (name, entry) in tree.entries where name.isAt(orBelow: top) { files[name] = entry }
    }
    return try other.placing(files)
  }

  /// The time that the verifier has: the task's own, as far as the sandbox gives it.
  private var seconds: Double { min(task.settings.verifierSeconds, sandbox.configuration.limits.wallSeconds) }

  private func run(in container: Container, on tree: FileTree, alive: String?) async throws -> HarborVerdict {
    var tree = try tree.removing(
      ["reward.txt", "reward.json", "test-stdout.txt"].map { try TreePath("logs/verifier/" + $0) })
    tree = try tree.placing([try TreePath("logs/verifier"): .directory()])
    let (place, command): (String, String)
    if let alive {
      // What is alive must not meet the tests before Harbor puts them there.
      place = ".tests-of-the-verifier"
      command =
        "\(alive)\nmkdir -p /tests; cp -a /\(place)/. /tests/; cd \(container.directory.description.shellQuoted); \(Self.test)"
    } else {
      (place, command) = ("tests", Self.test)
    }
    let transition: Transition
    do {
      tree = try tree.placing(try testFiles(under: place))
      transition = try await sandbox.run(
        container.surrounded(command, with: task.settings.verifierVariables), in: tree, directory: container.directory)
    } catch SandboxError.invalidTree(let problem) {
      return HarborVerdict(problem: "the tests do not fit beside the files that the agent left: \(problem)")
    }
    if transition.result.timedOut || Double(transition.result.milliseconds) > seconds * 1_000 {
      return HarborVerdict(problem: "the verifier took longer than \(Int(seconds)) s and was stopped")
    }
    if transition.result.boxLost || transition.treeUnreadable {
      return HarborVerdict(problem: "the verifier's box was lost, and its files with it")
    }
    return HarborVerdict(reading: transition.tree)
  }

  /// A container is alive for a moment between the end of the test and the reading of the reward.
  private static let test = "/tests/test.sh > /logs/verifier/test-stdout.txt 2>&1; sleep 0.2"

  private func testFiles(under place: String) throws -> [TreePath: FileTree.Entry] {
    var files: [TreePath: FileTree.Entry] = [try TreePath(place): .directory()]
    for (name, entry) in task.tests {
      let path = try TreePath(Array("\(place)/".utf8) + name.bytes)
      if case .file(let bytes, let mode) = entry, name == (try TreePath("test.sh")) {
        files[path] = .file(bytes, mode: mode | 0o111)
      } else {
        files[path] = entry
      }
    }
    return files
  }
}

/// A command of the agent that failed.
package struct CommandFailure: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  init(_ command: String, _ result: CommandResult) {
    let words = String(decoding: result.standardError.suffix(300), as: UTF8.self).trimmed
    let end = result.timedOut ? "took too long" : "ended with status \(result.status)"
    description = "`\(command.prefix(80))` \(end)\(words.isEmpty ? "" : ": \(words)")"
  }
}
