// Episodes per second: five bash commands and two Python graders each, as in inspect_peer.py.
//
//     swift build -c release --product SandboxEpisodes
//     .build/release/SandboxEpisodes [EPISODES]
//
// Rows: what a single command and grader take alone; episodes with nothing remembered, graders started slowly (as the peer
// does) and fast; episodes with remembering on, at stated shares of commands seen before.

import Foundation
import Sandboxing

private let commands = [
  "ls -la", "cat compute_reward.py", "cat test_compute_reward.py",
  "sed -i 's/return good.*/return 100.0/' compute_reward.py", "grep -n return compute_reward.py",
]

private let graders = [
  "from compute_reward import compute_reward; print(float(compute_reward('a correct\\nb wrong')))",
  """
  import unittest, io
  suite = unittest.defaultTestLoader.loadTestsFromName("test_compute_reward")
  print("pass" if unittest.TextTestRunner(stream=io.StringIO()).run(suite).wasSuccessful() else "fail")
  """,
]

private let folder: BoxPath = "/rl_environment"

/// The files of an episode. `slowStart` adds a file that shadows a module, which graders must not pass over.
private func template(slowStart: Bool = false) throws -> FileTree {
  let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "template")
  var files: [String: String] = slowStart ? ["rl_environment/json.py": ""] : [:]
  for name in ["compute_reward.py", "test_compute_reward.py"] {
    files["rl_environment/" + name] = try String(contentsOf: source.appending(path: name), encoding: .utf8)
  }
  return try FileTree(files: files)
}

/// Runs one episode. A command whose number falls outside `seenShare` is made unlike any other by a comment.
private func runEpisode(_ index: Int, _ start: FileTree, seenShare: Double, in sandbox: Sandbox) async throws {
  var tree = start
  for (position, command) in commands.enumerated() {
    let isSeen = Double((index * 7919 + position * 104_729) % 1000) < seenShare * 1000
    let transition = try await sandbox.run(isSeen ? command : command + " # \(index)", in: tree, directory: folder)
    guard transition.result.status == 0 else { fatalError("\(command) failed: \(transition.result)") }
    tree = transition.tree
  }
  let outputs = [
    try await sandbox.runPython(graders[0], in: tree, directory: folder).standardOutput,
    try await sandbox.runPython(graders[1], in: tree, directory: folder).standardOutput,
  ]
  guard outputs == [Array("100.0\n".utf8), Array("fail\n".utf8)] else { fatalError("the graders printed \(outputs)") }
}

/// Runs episodes, 16 at a time, and returns how many a second.
private func rate(_ count: Int, _ start: FileTree, seenShare: Double = 0, in sandbox: Sandbox) async throws -> Double {
  let duration = try await ContinuousClock().measure {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<count {
        if index >= 16 { try await group.next() }
        group.addTask { try await runEpisode(index, start, seenShare: seenShare, in: sandbox) }
      }
      try await group.waitForAll()
    }
  }
  return Double(count) / (duration / .seconds(1))
}

private func milliseconds(_ count: Int, _ work: () async throws -> Void) async throws -> Double {
  var times: [Double] = []
  for _ in 0..<count { times.append(try await ContinuousClock().measure(work) / .milliseconds(1)) }
  return times.sorted()[count / 2]
}

private func print(_ label: String, _ value: Double, _ unit: String) {
  let line = label.padding(toLength: 58, withPad: " ", startingAt: 0) + String(format: "%9.3f ", value) + unit
  try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
}

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 300
let start = try template()
let slow = try template(slowStart: true)

let sandbox = try await Sandbox(configuration: .init(rememberedBytes: 0))
print(
  "bash -c true, box and snapshot included",
  try await milliseconds(200) { _ = try await sandbox.run("true", in: start) }, "ms")
for command in [commands[0], commands[3]] {
  print(command, try await milliseconds(200) { _ = try await sandbox.run(command, in: start, directory: folder) }, "ms")
}
for (name, tree) in [("fast", start), ("slow", slow)] {
  for (index, grader) in graders.enumerated() {
    let time = try await milliseconds(100) { _ = try await sandbox.runPython(grader, in: tree, directory: folder) }
    print("grader \(index + 1), \(name) start", time, "ms")
  }
}
print("episodes, nothing remembered, slow start", try await rate(count, slow, in: sandbox), "a second")
print("episodes, nothing remembered, fast start", try await rate(count, start, in: sandbox), "a second")
await sandbox.close()

for share in [0, 0.5, 0.8, 0.9, 0.99] {
  let sandbox = try await Sandbox()
  let rate = try await rate(share < 0.9 ? count : 4 * count, start, seenShare: share, in: sandbox)
  let counts = sandbox.statistics
  let hits = Double(counts.commandsRemembered) / Double(counts.commandsRemembered + counts.commandsRun)
  print("episodes, remembering, \(Int((hits * 100).rounded())) % of commands remembered", rate, "a second")
  if share == 0.99 {
    let time = try await milliseconds(2000) { _ = try await sandbox.run("ls -la", in: start, directory: folder) }
    print("a remembered command", time * 1000, "us")
  }
  guard counts.mismatches == 0 else { fatalError("“\(counts.firstMismatch ?? "")” did not give the same again") }
  await sandbox.close()
}
