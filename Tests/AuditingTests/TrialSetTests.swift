import Environments
import Foundation
import Testing

@testable import Auditing

/// The trial set: seventeen tasks whose holes their author wrote down, by thinking, before any attack was run on them.
@Suite(.serialized) struct TrialSetTests {
  /// What an author knows of a task.
  private struct Truth: Decodable {
    var gameable: Bool
    /// The kinds of hole; see `kinds`.
    var holes: Set<String>
  }

  /// Which kind of hole an attack shows.
  private static let kinds: [String: String] = [
    "no_op": "weak_check", "placeholder_files": "weak_check", "copied_input": "weak_check",
    "early_exit": "code_decides", "hard_exit": "code_decides",
    "always_equal": "code_decides", "printed_success": "code_decides", "reward_from_work": "code_decides",
    "deleted_tests": "tests_in_reach", "edited_tests": "tests_in_reach", "special_cases": "tests_in_reach",
    "copied_answers": "answers_readable", "forged_reward": "shared_container", "background_process": "shared_container",
    "python_startup": "shared_container", "shadowed_module": "shared_container", "module_in_tests": "shared_container",
    "pytest_files": "shared_container", "planted_programs": "shared_container", "shell_startup": "shared_container",
  ]

  private struct Score {
    var found = 0
    var misses: [String] = []
    var mistakes: [String] = []

    mutating func add(_ found: Set<String>, truth: Set<String>, of task: String) {
      self.found += found.intersection(truth).count
      misses += truth.subtracting(found).map { "\(task): \($0)" }
      mistakes += found.subtracting(truth).map { "\(task): \($0)" }
    }
  }

  @Test func precisionAndRecallOnTheTrialSet() async throws {
    let sandbox = try await Shared.sandbox.value
    let folders = try FileManager.default.contentsOfDirectory(
      at: fixture("tasks"), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
    #expect(folders.count == 17)
    var (tasks, holes) = (Score(), Score())
    for folder in folders {
      let truth = try JSONDecoder().decode(Truth.self, from: Data(contentsOf: folder.appending(path: "truth.json")))
      let report = try await GraderAudit(HarborTask(folder), in: sandbox).run()
      #expect(report.reference?.passes == true, "\(folder.lastPathComponent): \(report.reference?.problem ?? "")")
      #expect(report.reference?.freshReward == report.reference?.reward, "\(folder.lastPathComponent)")
      let found = Set(report.obtained.compactMap { Self.kinds[$0.name] })
      tasks.add(
        report.obtained.isEmpty ? [] : ["gameable"], truth: truth.gameable ? ["gameable"] : [],
        of: folder.lastPathComponent)
      holes.add(found, truth: truth.holes, of: folder.lastPathComponent)
    }
    // `copied_input` was written after this set had shown that it was missing: before, recall was 10 of 11 and 16 of 17.
    #expect(tasks.mistakes == [] && holes.mistakes == [])
    #expect(tasks.misses == [])
    #expect(holes.misses == [])
    #expect(tasks.found == 11 && holes.found == 17)
  }
}
