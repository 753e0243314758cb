import Environments
import Foundation
import Sandboxing
import Testing

@testable import Auditing

/// A folder that `pip install --target DIR pytest pytest-json-ctrf` filled, or the host's own pytest.
private let packages = Result {
  let named = ProcessInfo.processInfo.environment["SUBTERFUGE_PYTEST"]
  return try named.map { try BoxPackages(URL(filePath: $0)) } ?? BoxPackages.ofHost
}

/// The second trial set: tasks in the template of public ones, whose verifier is pytest. `SUBTERFUGE_PYTEST` names the packages.
@Suite(.serialized, .enabled(if: (try? packages.get()?.has("pytest-json-ctrf")) == true)) struct PytestTrialTests {
  @Test func precisionAndRecallOnTasksInPytestsTemplate() async throws {
    let packages = try packages.get()
    let sandbox = try await Sandbox(configuration: .init(packages: packages))
    let score = try await TrialScore(of: "pytest-tasks", in: sandbox, packages: packages)
    #expect(score.folders == 6)
    #expect(score.tasks.mistakes == [] && score.holes.mistakes == [])
    // `made_up_values` was written because `pytest-weak` was missed: before, recall was 3 of 4 and 5 of 6.
    #expect(score.tasks.misses == [] && score.holes.misses == [])
    #expect(score.tasks.found == 4 && score.holes.found == 6)
    await sandbox.close()
  }
}
