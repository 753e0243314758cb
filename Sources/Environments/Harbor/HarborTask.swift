package import Foundation
package import Sandboxing

/// A task folder in Harbor's form, read and checked; nothing has run yet.
///
/// The folder holds `task.toml`, `instruction.md`, `environment/` (a Dockerfile, or files under `environment/files`),
/// `tests/test.sh` and, if there is one, `solution/solve.sh`. `Documentation/Auditing.md` says what of a task a box can
/// offer. What it cannot is refused here, by name.
package struct HarborTask: Sendable {
  package let folder: URL
  /// The name of its episodes: the last part of `task.name`, or the folder's name.
  package let name: String
  package let title: String
  /// What the agent is told.
  package let instruction: String
  let settings: HarborSettings
  /// Where the agent works.
  let image: TaskImage
  /// Where a separate verifier works; `nil` when it works where the agent did.
  let verifierImage: TaskImage?
  /// The files of `tests/`, as they stand under `/tests`.
  package let tests: [TreePath: FileTree.Entry]
  let solution: [TreePath: FileTree.Entry]
  /// The packages of its box; `nil` where it asks for none.
  package let packages: BoxPackages?
  /// The identity of everything that makes its episodes.
  package let digest: String

  /// Whether a folder is a task in this form.
  package static func isTask(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "task.toml").path)
  }

  /// Reads a task's folder.
  ///
  /// - Parameter given: packages for its box, used if it calls a package manager or pytest; by default pytest as the host has it.
  /// - Throws: `EnvironmentError` with the file, the line and what to do.
  package init(_ folder: URL, packages given: BoxPackages? = BoxPackages.ofHost) throws {
    self.folder = folder
    let file = folder.appending(path: "task.toml")
    settings = try HarborSettings(TOMLReader.read(HostFolder.text(file), file: file.path), file: file.path)
    let label =
      settings.name?.split(separator: "/").last.map(String.init) ?? folder.standardizedFileURL.lastPathComponent
    name = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
    title = settings.summary.isEmpty ? name : settings.summary
    instruction = try HostFolder.text(folder.appending(path: "instruction.md"))
    (tests, solution) = (
      try HostFolder(folder.appending(path: "tests")).entries,
      try HostFolder(folder.appending(path: "solution")).entries
    )
    image = try TaskImage(
      folder.appending(path: "environment"), named: settings.image, variables: settings.variables, packages: given)
    verifierImage = settings.isSeparate ? try Self.separate(folder, image, given) : nil
    let scripts = [tests, solution].flatMap { $0.filter { $0.key.description.hasSuffix(".sh") }.values }
      .compactMap { $0.content.map { String(decoding: $0, as: UTF8.self) } }
    let needsPackages =
      image.needsPackages || verifierImage?.needsPackages ?? false || scripts.contains(where: BoxLimits.needsPackages)
    packages = needsPackages ? given : nil
    digest = try Self.digest(settings, instruction, [image.context, tests, solution], packages)
    try checkScripts(given)
  }

  /// A separate verifier's image is made from `tests/`; without a Dockerfile there, it is another copy of the task's.
  private static func separate(_ folder: URL, _ image: TaskImage, _ packages: BoxPackages?) throws -> TaskImage {
    let tests = folder.appending(path: "tests")
    guard FileManager.default.fileExists(atPath: tests.appending(path: "Dockerfile").path) else { return image }
    return try TaskImage(tests, named: nil, variables: [:], packages: packages)
  }

  /// The first problem of a task's folder.
  static func problems(in folder: URL) -> [EnvironmentError] {
    do { _ = try HarborTask(folder) } catch {
      return [error as? EnvironmentError ?? EnvironmentError(error.localizedDescription, file: folder.path)]
    }
    return []
  }

  private func checkScripts(_ packages: BoxPackages?) throws {
    let tests = folder.appending(path: "tests/test.sh").path
    guard case .file(let script, _)? = self.tests[try TreePath("test.sh")] else {
      throw EnvironmentError("the file is missing, and it decides the reward", file: tests)
    }
    let requirements = { (path: String) in
      path.hasPrefix("/tests/")
        ? (try? TreePath(String(path.dropFirst(7)))).flatMap { self.tests[$0]?.content }
          .map { String(decoding: $0, as: UTF8.self) } : nil
    }
    try BoxLimits.check(
      script: String(decoding: script, as: UTF8.self), file: tests, packages: packages, requirements: requirements)
    guard let solve = solveScript else { return }
    try BoxLimits.check(
      script: solve, file: folder.appending(path: "solution/solve.sh").path, packages: packages)
  }

  /// The reference solution; `nil` where there is none.
  package var solveScript: String? {
    (try? TreePath("solve.sh")).flatMap { solution[$0]?.content }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// What decides the reward.
  package var testScript: String {
    (try? TreePath("test.sh")).flatMap { tests[$0]?.content }.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Whether the verifier runs outside the agent's reach.
  package var isSeparate: Bool { verifierImage != nil }

  private static func digest(
    _ settings: HarborSettings, _ instruction: String, _ parts: [[TreePath: FileTree.Entry]], _ packages: BoxPackages?
  ) throws -> String {
    var texts = ["instruction": instruction]
    for (index, part) in parts.enumerated() {
      // A part may hold names that a box keeps for itself; under a name of its own it may not.
      let moved = Dictionary(
        uniqueKeysWithValues: try part.map { (try TreePath(Array("part/".utf8) + $0.key.bytes), $0.value) })
      texts["part \(index)"] = try FileTree(moved).digest.description
    }
    texts["settings"] =
      "\(settings.isSeparate) \(settings.artifacts) \(settings.agentUser ?? "") \(settings.verifierUser ?? "") "
      + "\(settings.verifierSeconds) \(settings.variables.sorted { $0.key < $1.key }) "
      + "\(settings.verifierVariables.sorted { $0.key < $1.key })"
    if let packages { texts["packages"] = "\(packages.versions.sorted { $0.key < $1.key })" }
    return try EnvironmentDigest.of(texts)
  }
}
