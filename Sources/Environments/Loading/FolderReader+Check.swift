import Episodes
import Foundation

extension FolderReader {
  /// Every problem of the folder: what loading rejects, scripts that cannot be played, and prompts that nothing reads.
  func everyProblem() -> [EnvironmentError] {
    guard let definition = inspect() else { return problems.found }
    if problems.found.isEmpty { definition.selfTestProblems().map(located).forEach(problems.add) }
    unreadFiles(definition).forEach(problems.add)
    return problems.found
  }

  /// A problem about a slot, with the first place in the folder that names the slot.
  func located(_ problem: EnvironmentError) -> EnvironmentError {
    guard problem.line == nil, let match = problem.message.firstMatch(of: /`(\{\{[^`]*\}\})`/) else { return problem }
    let names = ["environment.yaml"] + promptNames + ["propensity.yaml"]
    for url in names.map({ folder.appending(path: $0) }) {
      let lines = (try? Self.text(of: url))?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
      guard let line = lines.firstIndex(where: { $0.contains(match.1) }) else { continue }
      return EnvironmentError(problem.message, file: url.path, line: line + 1)
    }
    return problem
  }

  /// Prompts that no arm has, which a slip in a name leaves behind.
  private func unreadFiles(_ definition: EnvironmentDefinition) -> [EnvironmentError] {
    let arms = definition.armDefinitions.values.map(\.promptName)
    let read = Set((arms + [""]).flatMap { arm in PromptStyle.allCases.map { Self.promptName(arm, $0) } })
    return promptNames.filter { !read.contains($0) }.map { name in
      EnvironmentError(
        "no arm has this prompt; the prompts of an arm with `prompt: NAME` are prompt.NAME.full.md, "
          + "prompt.NAME.compact.md and prompt.NAME.brief.txt", file: folder.appending(path: name).path)
    }
  }

  private var promptNames: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix("prompt.") }.sorted()
  }

  /// The name of a prompt's file.
  ///
  /// - Parameter arm: what the arm's `prompt` says; empty for the environment's own prompts.
  static func promptName(_ arm: String, _ style: PromptStyle) -> String {
    "prompt\(arm.isEmpty ? "" : "." + arm).\(style.rawValue).\(style == .brief ? "txt" : "md")"
  }
}
