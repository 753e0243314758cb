import Testing

@testable import Sandboxing

@Test func smoke() async throws {
  let sandbox = try await Sandbox()
  let tree = try FileTree(files: ["rl_environment/compute_reward.py": "def compute_reward(t):\n  return -10.0\n"])
  let t = try await sandbox.run("cd rl_environment; sed -i 's/-10/100/' compute_reward.py; ls -la", in: tree)
  print(String(decoding: t.result.standardOutput, as: UTF8.self), t.directory, t.tree.changes(to: tree))
  let g = try await sandbox.runPython("from compute_reward import *; print(compute_reward(1))", in: t.tree, directory: t.directory)
  print(g, String(decoding: g.standardOutput, as: UTF8.self))
  print(try await sandbox.health())
  await sandbox.close()
}
