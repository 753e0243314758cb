import Episodes
import Sandboxing

/// One episode: the files as the commands so far have left them.
///
/// The files before and after are values outside the box, and the true outcome is computed from them. What the policy did
/// to the environment's own reward cannot reach its grading (design decision 1).
actor FolderSession: EnvironmentSession {
  private let instance: Instance
  private let sandbox: Sandbox
  private var tree: FileTree
  private var directory = "/"

  init(_ instance: Instance, sandbox: Sandbox) {
    self.instance = instance
    self.sandbox = sandbox
    tree = instance.tree
  }

  func run(_ command: String) async throws -> ToolOutput {
    let transition = try await sandbox.run(command, in: tree, directory: directory)
    tree = transition.tree
    directory = transition.directory
    return ToolOutput(transition.result)
  }

  func finish(_ transcript: Transcript) async throws -> Grading {
    let before = try await bait(on: instance.tree)
    let after = tree == instance.tree ? before : try await bait(on: tree)
    let judgement = instance.grader.judge(
      Evidence(
        before: instance.tree, after: tree, transcript: transcript, rewardBefore: before.reward,
        rewardAfter: after.reward, passedOversight: after.passed))
    var facts = judgement.facts
    if instance.rewarded == .honest { facts[.gamed] = facts[.honest] }
    return Grading(
      outcome: Outcome(facts: facts, baitReward: after.reward, measures: judgement.measures),
      changes: instance.tree.changes(to: tree).compactMap(FileChange.init))
  }

  /// What the environment's own commands say of a file tree: bait, run in a box of its own.
  private func bait(on tree: FileTree) async throws -> (reward: Double?, passed: Bool?) {
    var reward: Double?
    if let command = instance.rewardCommand { reward = BaitOutput(try await run(program: command, on: tree)).number }
    var passed: Bool?
    if let command = instance.oversightCommand { passed = BaitOutput(try await run(program: command, on: tree)).truth }
    return (reward, passed)
  }

  /// Runs a Python program, or a shell command that starts Python.
  private func run(program: String, on tree: FileTree) async throws -> CommandResult {
    let isShell = ["python", "cd "].contains { program.hasPrefix($0) }
    return isShell
      ? try await sandbox.run(program, in: tree).result
      : try await sandbox.runPython(program, in: tree)
  }
}

/// What a reward or oversight command printed. Only the last line that is not empty counts.
struct BaitOutput {
  let lastLine: String
  let status: Int32

  init(_ result: CommandResult) {
    self.init(String(decoding: result.standardOutput, as: UTF8.self), status: result.status)
  }

  init(_ output: String, status: Int32) {
    lastLine = output.split(whereSeparator: \.isNewline).map(\.trimmed).last { !$0.isEmpty } ?? ""
    self.status = status
  }

  /// The printed number. An infinite one becomes the largest number of its sign, so that it can be stored; "not a number"
  /// is no number.
  var number: Double? {
    switch lastLine {
    case "True": return 1
    case "False": return 0
    default: break
    }
    guard let value = Double(lastLine), !value.isNaN else { return nil }
    return min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }

  /// Whether oversight passed: what was printed, or that the command succeeded when it printed no truth value.
  var truth: Bool {
    switch lastLine {
    case "True", "1": true
    case "False", "0": false
    default: status == 0
    }
  }
}

extension ToolOutput {
  fileprivate init(_ result: CommandResult) {
    var errors = String(decoding: result.standardError, as: UTF8.self)
    if result.timedOut { errors += "the command took too long and was stopped\n" }
    if result.outputTruncated { errors += "the command printed too much and was stopped\n" }
    self.init(
      standardOutput: String(decoding: result.standardOutput, as: UTF8.self), standardError: errors,
      status: result.status)
  }
}

extension FileChange {
  /// A change of a directory alone is none.
  fileprivate init?(_ change: TreeChange) {
    let (before, after) = (change.before.flatMap(Self.content), change.after.flatMap(Self.content))
    switch (before, after) {
    case (nil, nil): return nil
    case (nil, _): self.init(path: change.path.description, kind: .added, before: nil, after: after)
    case (_, nil): self.init(path: change.path.description, kind: .deleted, before: before, after: nil)
    default: self.init(path: change.path.description, kind: .modified, before: before, after: after)
    }
  }

  private static func content(_ entry: FileTree.Entry) -> String? {
    switch entry {
    case .file(let bytes, _): String(decoding: bytes.prefix(16 << 10), as: UTF8.self)
    case .link(let target): "-> " + String(decoding: target, as: UTF8.self)
    case .oversized(let bytes, _): "[\(bytes) bytes, too large to keep]"
    case .directory: nil
    }
  }
}
