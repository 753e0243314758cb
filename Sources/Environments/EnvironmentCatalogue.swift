package import Foundation

/// Finds environments: those that ship, and folders of the user.
package enum EnvironmentCatalogue {
  /// The shipped environments: those of the curriculum in its order, a second held-out one, the development one, and the
  /// ordinary prompts.
  package static let builtIn = [
    "political", "flattery", "nudged", "insubordinate", "tampering", "ledger", "development", "ordinary",
  ]

  /// Loads a shipped environment by name, or any by the path of its folder.
  ///
  /// - Throws: `EnvironmentError` with the file, the line and what to do.
  package static func load(_ nameOrFolder: String) throws -> EnvironmentDefinition {
    if builtIn.contains(nameOrFolder) {
      let folder = resources.appending(path: nameOrFolder)
      return try FolderReader(folder: folder, resources: resources, checksVariants: false).read()
    }
    let folder = URL(filePath: nameOrFolder)
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw EnvironmentError(
        "the environment `\(nameOrFolder)` does not exist; name a shipped one (\(builtIn.joined(separator: ", "))), the path "
          + "of a folder, or the path of a .jsonl file of prompts")
    }
    guard !HarborTask.isTask(folder) else {
      throw EnvironmentError(
        "this is a task in Harbor's form, which this command does not read; use `audit`, `evaluate` or `environments play`",
        file: folder.path)
    }
    return try load(folder)
  }

  /// Loads the environment that a folder describes.
  ///
  /// - Throws: `EnvironmentError`.
  package static func load(_ folder: URL) throws -> EnvironmentDefinition {
    try FolderReader(folder: folder, resources: resources).read()
  }

  /// Checks an environment folder or a list of prompts, and returns all of its problems.
  package static func problems(in path: String) -> [EnvironmentError] {
    let url = URL(filePath: path)
    guard PromptFile.isPromptFile(path) else {
      if HarborTask.isTask(url) { return HarborTask.problems(in: url) }
      return FolderReader(folder: url, resources: resources).everyProblem()
    }
    let problems = ProblemList()
    _ = PromptFile.read(url, problems)
    return problems.found
  }

  /// Writes a new environment folder: a complete example with comments, under the given name.
  ///
  /// - Throws: `EnvironmentError` when the name is not a valid one, or the folder exists or cannot be written.
  package static func create(_ name: String, at folder: URL) throws {
    let template = resources.appending(path: "template")
    let files = FileManager.default
    guard name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, !builtIn.contains(name) else {
      throw EnvironmentError(
        "the name `\(name)` must consist of lower-case letters, digits and `_`, and must not be that of a shipped environment"
      )
    }
    guard !files.fileExists(atPath: folder.path) else {
      throw EnvironmentError("the folder exists already; choose another name", file: folder.path)
    }
    do {
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
      for file in try files.contentsOfDirectory(at: template, includingPropertiesForKeys: nil) {
        let text = try FolderReader.text(of: file).replacing("NAME", with: name)
        try Data(text.utf8).write(to: folder.appending(path: file.lastPathComponent))
      }
    } catch {
      throw EnvironmentError("the folder cannot be written: \(error.localizedDescription)", file: folder.path)
    }
  }

  /// Scripted answers that no environment may stumble over.
  static func garbage() throws -> [SelfTestCase] {
    let url = resources.appending(path: "garbage.yaml")
    return try SelfTestCase.read(FolderReader.text(of: url), file: url.path)
  }

  static var resources: URL { Bundle.module.bundleURL.appending(path: "Resources") }
}
