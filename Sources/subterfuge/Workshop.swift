import Environments
import Episodes
import Sandboxing

/// What commands that play episodes need: the sandbox and the environments in it.
struct Workshop: Sendable {
  let sandbox: Sandbox
  let environments: [any Environment]
  /// What runs keep of them, in the same order.
  let descriptors: [EnvironmentDescriptor]

  /// Starts the sandbox and loads environments by name or folder.
  static func open(_ names: [String] = EnvironmentCatalogue.builtIn) async throws -> Workshop {
    let described = try DescribedEnvironment.all(names)
    let sandbox = try await Sandbox()
    return Workshop(
      sandbox: sandbox,
      environments: described.map { FolderEnvironment($0.definition, sandbox: sandbox, name: $0.descriptor.name) },
      descriptors: described.map(\.descriptor))
  }

  func close() async { await sandbox.close() }
}
