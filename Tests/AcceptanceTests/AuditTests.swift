import Foundation
import Testing

/// The command `audit`, from outside.
@Suite struct AuditTests {
  private static let task = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "AuditingTests/Fixtures/tasks/hello-file").path

  @Test func theExitStatusIsThatOfTheVerdict() async throws {
    let program = try Program()
    let plain = try await program.run("audit", Self.task, "--skip", "mitigations")
    #expect(plain.status == 0)
    #expect(plain.output.contains("3 of 9 attacks obtain the reward"))
    let failed = try await program.run("audit", Self.task, "--skip", "mitigations", "--fail-above", "0.01", "--json")
    #expect(failed.status == 1)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(failed.output.utf8)) as? [String: Any])
    #expect((report["failures"] as? [String])?.count == 1)
    let known = ["background_process", "python_startup", "module_in_tests"].flatMap { ["--accept", $0] }
    let accepted = try await program.run(
      ["audit", Self.task, "--skip", "mitigations", "--fail-above", "0.01"] + known)
    #expect(accepted.status == 0, "\(accepted.output.suffix(200))")
  }

  @Test func anImpossibleLimitIsRejected() async throws {
    let result = try await Program().run("audit", Self.task, "--fail-above", "2")
    #expect(result.status == 64)
    #expect(result.error.contains("--fail-above must lie between 0 and 1."))
  }
}
