import Environments
import Episodes
import Experiments
import Judging
import Sandboxing

/// What commands that play episodes need: the sandbox and the environments in it.
struct Workshop: Sendable {
  let sandbox: Sandbox
  let environments: [any Environment]
  /// What runs keep of them, in the same order.
  let descriptors: [EnvironmentDescriptor]

  /// Starts the sandbox and loads environments by name or path.
  ///
  /// - Parameter reader: who reads answers: `rules` or a model's name.
  static func open(
    _ names: [String] = EnvironmentCatalogue.builtIn, reader: String = "rules"
  ) async throws -> Workshop {
    try await open(try DescribedEnvironment.all(names), reader: reader)
  }

  /// Starts the sandbox for environments that are loaded.
  ///
  /// - Parameter reader: who reads answers: `rules` or a model's name.
  static func open(_ described: [DescribedEnvironment], reader: String) async throws -> Workshop {
    let reader = try self.reader(named: reader)
    let sandbox = try await Sandbox()
    return Workshop(
      sandbox: sandbox,
      environments: try described.map { try $0.environment(in: sandbox, reader: reader) },
      descriptors: described.map(\.descriptor))
  }

  /// The reader of this name: `rules`, or a model as for policies.
  static func reader(named name: String) throws -> any AnswerReader {
    name == "rules" ? RuleReader() : ModelReader(try ModelCatalogue().checkpoint(named: name), name: name)
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
