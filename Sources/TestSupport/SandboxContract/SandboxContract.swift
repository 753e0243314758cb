package import Sandboxing

/// What every sandbox backend must hold: a list of checks to run over a conformer, one test a check.
///
/// A backend under test should have a wall limit of a few seconds and otherwise the default limits.
package struct SandboxContract: Sendable, CustomStringConvertible {
  /// What must be true.
  package let claim: String
  private let body: @Sendable (ContractBox) async throws -> Void

  init(_ claim: String, _ body: @escaping @Sendable (ContractBox) async throws -> Void) {
    self.claim = claim
    self.body = body
  }

  package var description: String { claim }

  /// All checks.
  package static let checks = state + walls + limits + programs + voiding

  /// - Throws: `ContractViolation` when the backend breaks the claim; what the backend throws.
  package func run(on backend: any SandboxBackend) async throws { try await body(ContractBox(backend: backend)) }
}

/// A claim of the contract that does not hold.
package struct ContractViolation: Error, CustomStringConvertible {
  package let description: String
}

/// The backend under test, with short names for what checks do with it.
struct ContractBox: Sendable {
  let backend: any SandboxBackend

  func run(_ command: String, _ files: [String: String] = [:], in directory: BoxPath = "/") async throws -> Transition {
    try await backend.run(command, in: FileTree(files: files), directory: directory)
  }

  /// Runs a Python script by the shell, as an episode would.
  func runScript(_ script: String, _ files: [String: String] = [:]) async throws -> Transition {
    try await run("python3 - <<'END'\n\(script)\nEND", files)
  }

  func runPython(
    _ program: String, _ files: [String: String] = [:], in directory: BoxPath = "/", _ arguments: [String] = []
  ) async throws -> CommandResult {
    try await backend.runPython(program, in: FileTree(files: files), directory: directory, arguments: arguments)
  }

  /// The box after a command is as good as new.
  func expectAlive() async throws {
    let transition = try await run("echo alive")
    try expect(transition.result.output == "alive\n", "the next command printed \(transition.result.summary)")
  }
}

func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
  if !condition { throw ContractViolation(description: what()) }
}

func expectEqual<Value: Equatable>(_ value: Value, _ expected: Value, _ what: String = "value") throws {
  try expect(value == expected, "\(what) is \(value) instead of \(expected)")
}

extension CommandResult {
  var output: String { String(decoding: standardOutput, as: UTF8.self) }
  var errorOutput: String { String(decoding: standardError, as: UTF8.self) }
  var summary: String { "status \(status), output “\(output.prefix(2000))”, errors “\(errorOutput.prefix(2000))”" }
}
