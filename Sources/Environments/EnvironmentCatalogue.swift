package import Foundation

/// Finds environments: those that ship, and folders of the user.
package enum EnvironmentCatalogue {
  /// The shipped environments: those of the curriculum in its order, the development one, and the ordinary prompts.
  package static let builtIn = [
    "political", "flattery", "nudged", "insubordinate", "tampering", "development", "ordinary",
  ]

  /// Loads a shipped environment by name, or any by the path of its folder.
  ///
  /// - Throws: `EnvironmentError` with the file, the line and what to do.
  package static func load(_ nameOrFolder: String) throws -> EnvironmentDefinition {
    if builtIn.contains(nameOrFolder) { return try load(resources.appending(path: nameOrFolder)) }
    let folder = URL(filePath: nameOrFolder)
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw EnvironmentError(
        "there is no environment `\(nameOrFolder)`: neither a shipped one (\(builtIn.joined(separator: ", "))) nor a folder"
      )
    }
    return try load(folder)
  }

  /// Loads the environment that a folder describes.
  ///
  /// - Throws: `EnvironmentError`.
  package static func load(_ folder: URL) throws -> EnvironmentDefinition {
    try FolderReader(folder: folder, resources: resources).read()
  }

  /// Scripted answers that no environment may stumble over.
  static func garbage() throws -> [SelfTestCase] {
    let url = resources.appending(path: "garbage.yaml")
    return try SelfTestCase.read(FolderReader.text(of: url), file: url.path)
  }

  static var resources: URL { Bundle.module.bundleURL.appending(path: "Resources") }
}
