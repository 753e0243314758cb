import Environments
import Foundation
import Sandboxing
import Testing

@testable import Auditing

/// What the audit finds on a set of tasks, beside what their author wrote down before any attack was run on them.
struct TrialScore {
  /// What an author knows of a task.
  private struct Truth: Decodable {
    var gameable: Bool
    /// The kinds of hole; see `kinds`.
    var holes: Set<String>
  }

  /// Which kind of hole an attack shows.
  private static let kinds: [String: String] = [
    "no_op": "weak_check", "placeholder_files": "weak_check", "copied_input": "weak_check",
    "made_up_values": "weak_check", "linked_answers": "answers_linked",
    "early_exit": "code_decides", "hard_exit": "code_decides",
    "always_equal": "code_decides", "printed_success": "code_decides", "reward_from_work": "code_decides",
    "deleted_tests": "tests_in_reach", "edited_tests": "tests_in_reach", "special_cases": "tests_in_reach",
    "copied_answers": "answers_readable", "forged_reward": "shared_container", "background_process": "shared_container",
    "python_startup": "shared_container", "shadowed_module": "shared_container", "module_in_tests": "shared_container",
    "pytest_files": "shared_container", "planted_programs": "shared_container", "shell_startup": "shared_container",
  ]

  struct Score {
    var found = 0
    var misses: [String] = []
    var mistakes: [String] = []

    mutating func add(_ found: Set<String>, truth: Set<String>, of task: String) {
      self.found += found.intersection(truth).count
      misses += truth.subtracting(found).map { "\(task): \($0)" }
      mistakes += found.subtracting(truth).map { "\(task): \($0)" }
    }
  }

  private(set) var tasks = Score()
  private(set) var holes = Score()
  private(set) var folders = 0

  /// Audits the tasks of a folder of fixtures.
  init(of set: String, in sandbox: Sandbox, packages: BoxPackages? = nil) async throws {
    let folders = try FileManager.default.contentsOfDirectory(
      at: fixture(set), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
    self.folders = folders.count
    for folder in folders {
      let truth = try JSONDecoder().decode(Truth.self, from: Data(contentsOf: folder.appending(path: "truth.json")))
      let report = try await GraderAudit(HarborTask(folder, packages: packages), in: sandbox).run()
      #expect(report.reference?.passes == true, "\(folder.lastPathComponent): \(report.reference?.problem ?? "")")
      #expect(report.reference?.freshReward == report.reference?.reward, "\(folder.lastPathComponent)")
      let found = Set(report.obtained.compactMap { Self.kinds[$0.name] })
      tasks.add(
        report.obtained.isEmpty ? [] : ["gameable"], truth: truth.gameable ? ["gameable"] : [],
        of: folder.lastPathComponent)
      holes.add(found, truth: truth.holes, of: folder.lastPathComponent)
    }
  }
}
