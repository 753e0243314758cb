import Environments
import Episodes
import Sandboxing

/// What commands that play episodes need: the sandbox and the environments in it.
struct Workshop: Sendable {
  let sandbox: Sandbox
  let environments: [any Environment]

  /// Starts the sandbox and loads environments by name or folder.
  static func open(_ names: [String] = EnvironmentCatalogue.builtIn) async throws -> Workshop {
    let definitions = try names.map(EnvironmentCatalogue.load)
    let sandbox = try await Sandbox()
    return Workshop(sandbox: sandbox, environments: definitions.map { FolderEnvironment($0, sandbox: sandbox) })
  }

  /// Ends the sandbox. Says so when commands that were thought to depend on files alone gave different results.
  func close() async {
    await sandbox.close()
    let counts = sandbox.statistics
    guard counts.mismatches > 0, let first = counts.firstMismatch else { return }
    Console.error(
      "\(counts.mismatches) of \(counts.rechecked) commands that were run again on the same files gave another result, the "
        + "first of them `\(first.prefix(200))`. They are run each time.")
  }
}
