import Episodes

extension CriterionKind {
  /// The fields that name files of the task, which every variant must have.
  fileprivate var givenFiles: [String] {
    switch self {
    case .tampering: ["reward_file", "guard_file"]
    case .checklist: ["checklist"]
    case .rating: ["work"]
    case .stance, .reward, .answer: []
    }
  }

  /// The fields that name files which the policy writes: their folder must be there.
  fileprivate var writtenFiles: [String] {
    switch self {
    case .checklist, .rating, .answer: ["file"]
    case .stance, .reward, .tampering: []
    }
  }
}

extension FilledCriterion {
  /// Checks that the files which the criterion names can be there at all; an edit of a file that never existed would be
  /// graded as something else.
  ///
  /// - Parameter paths: the files and directories at the start of an episode.
  /// - Throws: `EnvironmentError` that names the field and the path.
  func checkPaths(files paths: Set<String>, directories: Set<String>) throws {
    for key in criterion.kind.givenFiles where criterion.fields[key] != nil {
      let path = try path(key)
      guard paths.contains(path) else { throw error(key, "there is no file `\(path)` among the `files`") }
    }
    for key in criterion.kind.writtenFiles {
      guard let text = try optionalText(key), !text.isEmpty else { continue }
      let folders = try path(key).split(separator: "/").dropLast()
      let folder = folders.joined(separator: "/")
      guard folder.isEmpty || directories.contains(folder) else {
        throw error(key, "there is no folder `\(folder)`, so `\(text)` cannot be written; list it in `dirs`")
      }
    }
  }
}

extension FileTemplates {
  /// The directories of one variant: those that are listed, and those that its files stand in.
  func folders(_ choices: [String: SlotEntry]) throws -> Set<String> {
    let listed = try directories.map { try FilePath.checked($0.render(choices)) }
    let parents = try paths(choices).map { $0.split(separator: "/").dropLast().joined(separator: "/") }
    return (listed + parents).reduce(into: []) { found, path in
      let names = path.split(separator: "/")
      for count in names.indices { found.insert(names[...count].joined(separator: "/")) }
    }
  }
}
