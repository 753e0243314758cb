import Environments
import Episodes
import Experiments
import Judging
import Sandboxing

/// What commands that play episodes need: the sandbox and the environments in it.
struct Workshop: Sendable {
  /// The sandbox of the first environment.
  let sandbox: Sandbox
  let environments: [any Environment]
  /// What runs keep of them, in the same order.
  let descriptors: [EnvironmentDescriptor]
  private let sandboxes: [Sandbox]

  /// Starts the sandbox and loads environments by name or path.
  ///
  /// - Parameters:
  ///   - reader: who reads answers: `rules` or a model's name.
  ///   - packages: for tasks in Harbor's form.
  static func open(
    _ names: [String] = EnvironmentCatalogue.builtIn, reader: String = "rules", packages: BoxPackages? = nil
  ) async throws -> Workshop {
    try await open(try DescribedEnvironment.all(names, packages: packages), reader: reader)
  }

  /// Starts the sandbox for environments that are loaded, and one for each set of packages, so that an environment without
  /// packages meets the usual box.
  ///
  /// - Parameter reader: who reads answers: `rules` or a model's name.
  static func open(_ described: [DescribedEnvironment], reader: String) async throws -> Workshop {
    let reader = try self.reader(named: reader)
    var sandboxes: [BoxPackages?: Sandbox] = [:]
    for environment in described where sandboxes[environment.packages] == nil {
      sandboxes[environment.packages] = try await Sandbox(configuration: .init(packages: environment.packages))
    }
    var environments: [any Environment] = []
    for one in described {
      guard let sandbox = sandboxes[one.packages] else { continue }
      environments.append(try one.environment(in: sandbox, reader: reader))
    }
    let first = sandboxes[described.first?.packages]
    let sandbox = if let first { first } else { try await Sandbox() }
    return Workshop(
      sandbox: sandbox, environments: environments, descriptors: described.map(\.descriptor),
      sandboxes: first == nil ? [sandbox] : Array(sandboxes.values))
  }

  /// The reader of this name: `rules`, or a model as for policies.
  static func reader(named name: String) throws -> any AnswerReader {
    name == "rules" ? RuleReader() : ModelReader(try ModelCatalogue().checkpoint(named: name), name: name)
  }

  /// Ends the sandbox. Says so when commands that were thought to depend on files alone gave different results.
  func close() async {
    for sandbox in sandboxes {
      await sandbox.close()
      warn(sandbox.statistics)
    }
  }

  private func warn(_ counts: Sandbox.Statistics) {
    guard counts.mismatches > 0, let first = counts.firstMismatch else { return }
    Console.error(
      "\(counts.mismatches) of \(counts.rechecked) commands that were run again on the same files gave another result, the "
        + "first of them `\(first.prefix(200))`. They are run each time.")
  }
}
