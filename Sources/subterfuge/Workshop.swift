import Environments
import Episodes
import Experiments
import Judging
import Sandboxing

/// What commands that play episodes need: the sandbox and the environments in it.
struct Workshop: Sendable {
  let sandbox: Sandbox
  let environments: [any Environment]

  /// Starts the sandbox and loads environments by name or folder.
  ///
  /// - Parameter reader: who reads answers: `rules` or a model's name.
  static func open(
    _ names: [String] = EnvironmentCatalogue.builtIn, reader: String = "rules"
  ) async throws -> Workshop {
    let definitions = try names.map(EnvironmentCatalogue.load)
    let reader = try self.reader(named: reader)
    let sandbox = try await Sandbox()
    return Workshop(
      sandbox: sandbox, environments: definitions.map { FolderEnvironment($0, sandbox: sandbox, reader: reader) })
  }

  /// The reader of this name: `rules`, or a model as for policies.
  static func reader(named name: String) throws -> any AnswerReader {
    name == "rules" ? RuleReader() : ModelReader(try ModelCatalogue().checkpoint(named: name), name: name)
  }

  func close() async { await sandbox.close() }
}
