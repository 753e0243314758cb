import TestSupport
import Testing

@testable import Sandboxing

/// The contract over the real sandbox, nothing remembered.
@Suite struct ContractTests {
  /// One for all checks: starting takes longer than most of them.
  private static let sandbox = Task {
    try await Sandbox(configuration: .init(limits: .init(wallSeconds: 3), rememberedBytes: 0))
  }

  @Test(arguments: SandboxContract.checks)
  func holds(_ check: SandboxContract) async throws { try await check.run(on: Self.sandbox.value) }
}
