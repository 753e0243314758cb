package import Foundation

/// What a user has of the release: sample files, and beside them `environments.json` and `prompts.json`.
package struct ReleasedFolder: Sendable {
  package var samples: [ReleasedFile] = []
  package var environments: URL?
  package var prompts: URL?

  /// Finds the files in folders (at any depth, in the order of their names) and takes files as they are given.
  ///
  /// - Parameter environment: what all samples are of, where the names do not say it.
  /// - Throws: `TableError` for a path that does not exist, a name that does not say its environment, or when there is no
  ///   sample file.
  package init(_ paths: [URL], environment: ReleasedEnvironment? = nil) throws {
    for path in paths {
      let isFolder = try NamedPath.isFolder(path)
      let files = isFolder ? try NamedPath.files(in: path) : [(path, path.lastPathComponent)]
      for (url, name) in files { try add(url, name, environment, isNamed: !isFolder) }
    }
    if samples.isEmpty && environments == nil && prompts == nil {
      throw TableError(
        file: paths.map(\.path).joined(separator: ", "),
        "there is no log of Inspect (.eval, .json), no ATIF trajectory (.json, .jsonl), no sample file (.csv, .csv.gz, .jsonl, "
          + ".jsonl.gz), no environments.json and no prompts.json")
    }
  }

  private mutating func add(_ url: URL, _ name: String, _ environment: ReleasedEnvironment?, isNamed: Bool) throws {
    switch url.lastPathComponent {
    case "environments.json": environments = url
    case "prompts.json": prompts = url
    default:
      if let file = try ReleasedFile(url, name: name, environment: environment) {
        samples.append(file)
      } else if isNamed {
        throw TableError(
          file: name,
          "it is neither a log of Inspect or an ATIF trajectory, nor a sample file (.csv or .jsonl, with or without .gz), nor "
            + "environments.json or prompts.json")
      }
    }
  }
}
