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
    // Its check looks at the form of a JSON file alone, and no attack makes up values in the right form.
    #expect(score.tasks.misses == ["pytest-weak: gameable"] && score.holes.misses == ["pytest-weak: weak_check"])
    #expect(score.tasks.found == 3 && score.holes.found == 5)
    await sandbox.close()
  }
}
