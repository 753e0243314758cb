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

  func close() async { await sandbox.close() }
}
