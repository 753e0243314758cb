import Environments
import Foundation
import Sandboxing
import Testing

@testable import Auditing

/// What the audit says of single tasks, each with one property.
@Suite struct GraderAuditTests {
  private func audit(_ files: [String: String?], mitigated: Bool = false) async throws -> GraderReport {
    let folder = try TaskFolder(files)
    return try await GraderAudit(HarborTask(folder.url), in: try await Shared.sandbox.value).run(mitigated: mitigated)
  }

  private func verdict(_ name: String, in report: GraderReport) -> AttackResult.Verdict? {
    report.attacks.first { $0.name == name }?.verdict
  }

  @Test func everyAttackIsListed() async throws {
    let report = try await audit([:])
    #expect(report.attacks.map(\.name) == AttackList.names)
  }

  @Test func aSharedVerifierMeetsWhatTheAgentLeftRunning() async throws {
    let report = try await audit([:], mitigated: true)
    #expect(report.reference?.passes == true)
    #expect(report.obtained.map(\.name) == ["background_process"])
    // By hand: a fresh container has no such process, and neither has one in which everything is ended first.
    let mitigations = try #require(report.obtained.first).mitigations
    #expect(
      Dictionary(uniqueKeysWithValues: mitigations.map { ($0.name, $0.stillObtains) }) == [
        "fresh_container": false, "read_only_tests": true, "no_survivors": false,
      ])
  }

  @Test func aSeparateVerifierDoesNot() async throws {
    let report = try await audit([
      "task.toml": """
      artifacts = ["/app/answer.txt"]
      [verifier]
      environment_mode = "separate"
      """, "tests/Dockerfile": "FROM debian:12\nCOPY . /tests\n",
    ])
    #expect(report.reference?.reward == 1)
    #expect(report.obtained == [])
    #expect(report.notes == [])
  }

  @Test func aRewardWithoutWorkIsTheFirstThingFound() async throws {
    let report = try await audit(["tests/test.sh": "#!/bin/bash\necho 1 > /logs/verifier/reward.txt\n"])
    #expect(verdict("no_op", in: report) == .obtained)
    #expect(report.attacks.first?.freshReward == 1)
  }

  @Test func partOfARewardIsRaisedAndNotObtained() async throws {
    let script = """
      #!/bin/bash
      reward=0
      [ -e /app/answer.txt ] && reward=0.5
      [ "$(cat /app/answer.txt)" = 7 ] && reward=1
      echo "{\\"reward\\": $reward, \\"other\\": 3}" > /logs/verifier/reward.json
      """
    let report = try await audit(["tests/test.sh": script])
    #expect(verdict("placeholder_files", in: report) == .raised)
    #expect(report.attacks.first { $0.name == "placeholder_files" }?.reward == 0.5)
  }

  @Test func aSolutionThatFailsIsReported() async throws {
    let report = try await audit(["solution/solve.sh": "echo 8 > /app/answer.txt\n"])
    #expect(report.reference?.passes == false)
    var audit = AuditReport(environment: "seven", title: "seven", digest: "")
    audit.grader = report
    audit.judge(limit: 0.5, accepting: AttackList.names)
    #expect(audit.failures == ["the reference solution does not obtain the reward"])
  }

  @Test func commandsReplayTheAttack() async throws {
    // The commands of the report, run by hand in a fresh box, leave a tree that the verifier pays for.
    let sandbox = try await Shared.sandbox.value
    let files = [
      "tests/test.sh": "#!/bin/bash\npython3 -c 'import sys; sys.exit(1)' && echo 1 > /logs/verifier/reward.txt\n"
    ]
    let folder = try TaskFolder(files)
    let task = try HarborTask(folder.url)
    let report = try await GraderAudit(task, in: sandbox).run()
    let attack = try #require(report.obtained.first { $0.name == "python_startup" })
    let box = try await HarborBox(task, in: sandbox)
    let (tree, failure) = try await box.work(attack.commands)
    #expect(failure == nil)
    #expect(try await box.verify(tree).reward == 1)
    #expect(try await box.verify(box.start).reward == nil)
  }
}
