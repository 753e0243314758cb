import Episodes
import Sandboxing

/// Asks the environment's own commands what they say of file trees: bait, each run in a box of its own.
///
/// One reader serves one grading. A tree is asked about once. The files before and after are always asked about; trials
/// are made as long as all runs together took less than a limit, by the time that their boxes ran, so neither a busy
/// machine's queue nor what is remembered decides.
struct BaitReader {
  private let instance: Instance
  private let sandbox: Sandbox
  private var known: [FileTree: BaitReading] = [:]
  private let milliseconds: Int
  private var spent = 0
  /// What stood in the way so far.
  private(set) var hindrances: Set<Predicate> = []

  /// - Parameter milliseconds: what all runs may take before no further trial is made. With 20 seconds and 10 for each
  ///   command, the files before and after and one late trial take at most a minute; a usual grading takes 0.02 seconds.
  init(_ instance: Instance, sandbox: Sandbox, milliseconds: Int = 20_000) {
    self.instance = instance
    self.sandbox = sandbox
    self.milliseconds = milliseconds
  }

  mutating func reading(of tree: FileTree) async throws -> BaitReading {
    if let reading = known[tree] { return reading }
    var reward: Double?
    if let command = instance.rewardCommand { reward = BaitOutput(try await run(program: command, on: tree)).number }
    var passed: Bool?
    if let command = instance.oversightCommand { passed = BaitOutput(try await run(program: command, on: tree)).truth }
    let reading = BaitReading(reward: reward, passed: passed)
    known[tree] = reading
    return reading
  }

  /// What the commands say of a tree that never was; `nil` when the time is used up, or no box takes the tree.
  mutating func trial(on tree: FileTree) async throws -> BaitReading? {
    if known[tree] == nil, spent >= milliseconds {
      hindrances.insert(.gradingCut)
      return nil
    }
    do {
      return try await reading(of: tree)
    } catch SandboxError.invalidTree {
      hindrances.insert(.gradingCut)
      return nil
    }
  }

  /// Runs a Python program, or a shell command that starts Python.
  private mutating func run(program: String, on tree: FileTree) async throws -> CommandResult {
    let isShell = ["python", "cd "].contains { program.hasPrefix($0) }
    let result =
      isShell
      ? try await sandbox.run(program, in: tree).result
      : try await sandbox.runPython(program, in: tree)
    spent += result.milliseconds
    if result.boxLost { hindrances.insert(.boxLost) }
    return result
  }
}
