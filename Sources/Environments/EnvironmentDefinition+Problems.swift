import Episodes
import Foundation
import Sandboxing

extension EnvironmentDefinition {
  /// The problems of the texts, and of the paths and the criterion of every variant.
  ///
  /// - Parameter file: the file of problems that no other file is known for.
  func problems(file: String) -> [EnvironmentError] {
    let problems = ProblemList()
    // A text that arms share is one problem, not one for each.
    var seen: Set<String> = []
    for arm in arms {
      guard let definition = armDefinitions[arm] else { continue }
      let texts = templateProblems(definition, isStandard: arm == .standard)
      for (message, line) in texts where seen.insert(message).inserted {
        problems.add(EnvironmentError("arm `\(arm.rawValue)`: \(message)", file: file, line: line))
      }
      // Texts with unknown slots make no files.
      if texts.isEmpty { problems.attempt(in: file) { try checkVariants(of: arm, definition) } }
    }
    return problems.found
  }

  private func checkVariants(of arm: Arm, _ definition: ArmDefinition) throws {
    do {
      _ = try instance(variant: 0, arm: arm)
      if arm == .standard {
        for style in PromptStyle.allCases { _ = try continuations(variant: 0, arm: arm, style: style) }
      }
      let files = files.overlaid(with: definition.files)
      for variant in 0..<variantCount {
        let choices = try choices(variant: variant, arm: arm)
        let filled = criterion(of: definition).filled(choices)
        let paths = try files.paths(choices)
        _ = try filled.criterion.kind.grader.init(filled)
        try filled.checkPaths(files: Set(paths), directories: files.folders(choices))
      }
    } catch let problem as SandboxError {
      throw EnvironmentError("arm `\(arm.rawValue)`: \(problem.localizedDescription)")
    }
  }

  /// The slots that texts of the arm name and that cannot be filled.
  private func templateProblems(_ definition: ArmDefinition, isStandard: Bool) -> [(message: String, line: Int?)] {
    let entries = slots.overlaid(with: definition.slots).entries
    var templates = files.overlaid(with: definition.files).all.map { ($0, Int?.none) }
    do { templates += try SlotEntry.nested(in: entries).map { ($0, nil) } } catch {
      return [((error as? EnvironmentError)?.message ?? error.localizedDescription, nil)]
    }
    templates += criterion.templates.map { ($0.template, $0.line) }
    templates += definition.criterionFields.values.flatMap { field in field.templates.map { ($0, field.line) } }
    templates += (Array(definition.prompts.values) + Array(definition.preambles.values))
      .flatMap { $0.wordings.flatMap(\.texts) }.map { ($0, nil) }
    templates += (Array(definition.lead.values) + Array(exploration.values)).flatMap { $0 }.map { ($0, nil) }
    if isStandard { templates += continuations.all.map { ($0, nil) } }
    return templates.compactMap { template, line in template.problem(with: entries).map { ($0, line) } }
  }
}
