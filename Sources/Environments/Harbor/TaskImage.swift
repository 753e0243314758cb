import Foundation
import Sandboxing

/// What a container of the task is made of: a folder, and a Dockerfile or the folder `files`.
struct TaskImage: Sendable {
  /// The files that a Dockerfile can copy.
  let context: [TreePath: FileTree.Entry]
  let dockerfile: Dockerfile?
  /// Variables of `task.toml`.
  let variables: [String: String]
  private let folder: String
  private let packages: BoxPackages?

  /// - Parameters:
  ///   - image: the name of a ready image, for folders without a Dockerfile.
  ///   - packages: those of the box.
  /// - Throws: `EnvironmentError` for what a box cannot offer.
  init(_ folder: URL, named image: String?, variables: [String: String], packages: BoxPackages?) throws {
    let read = try HostFolder(folder)
    (context, self.folder, self.variables, self.packages) = (read.entries, folder.path, variables, packages)
    for name in ["docker-compose.yaml", "docker-compose.yml", "compose.yaml", "compose.yml"]
    where context[try TreePath(name)] != nil {
      throw EnvironmentError(
        "the task is made of several services, and the sandbox runs one box without a network",
        file: folder.appending(path: name).path)
    }
    let file = folder.appending(path: "Dockerfile")
    guard context[try TreePath("Dockerfile")] != nil else {
      dockerfile = nil
      if let image {
        let settings = folder.deletingLastPathComponent().appending(path: "task.toml")
        try BoxLimits.check(image: image, file: settings.path, packages: packages)
      }
      return
    }
    let parsed = try Dockerfile(try HostFolder.text(file), file: file.path)
    dockerfile = parsed
    for step in parsed.steps {
      switch step.instruction {
      case .from(let image): try BoxLimits.check(image: image, file: file.path, line: step.line, packages: packages)
      case .run(let command) where !isSatisfied(command):
        try BoxLimits.check(
          script: command, file: file.path, line: step.line, packages: packages, requirements: requirements)
      default: break
      }
    }
  }

  /// Builds the files and the surroundings of a fresh container. `RUN` commands run in a box.
  ///
  /// - Throws: `EnvironmentError` when a step fails.
  func build(in sandbox: Sandbox) async throws -> Container {
    var container = try Container()
    guard let dockerfile else {
      let prefix = Array("files/".utf8)
      let files = context.filter { $0.key.bytes.starts(with: prefix) }
      try container.overlay(
        Dictionary(
          uniqueKeysWithValues: files.map { (try TreePath($0.key.bytes.dropFirst(prefix.count)), $0.value) }),
        under: nil, file: folder)
      container.variables.merge(variables) { $1 }
      return container
    }
    for step in dockerfile.steps {
      do { try await apply(step.instruction, to: &container, sandbox) } catch let problem as EnvironmentError {
        throw EnvironmentError(problem.message, file: dockerfile.file, line: step.line)
      }
    }
    container.variables.merge(variables) { $1 }
    return container
  }

  private func apply(_ instruction: Dockerfile.Instruction, to container: inout Container, _ sandbox: Sandbox)
    async throws
  {
    switch instruction {
    case .from: break
    case .workdir(let path): try container.enter(container.filled(path))
    case .variables(let list):
      for variable in list { container.variables[variable.name] = container.filled(variable.value) }
    case .user(let name): container.user = String(name.prefix { $0 != ":" })
    case .copy(let sources, let destination):
      for source in sources {
        try copy(container.filled(source), to: container.filled(destination), among: sources.count, &container)
      }
    case .run(let command) where isSatisfied(command): break
    case .run(let command):
      let transition = try await sandbox.run(
        container.surrounded(command), in: container.tree, directory: container.directory)
      let result = transition.result
      guard result.status == 0, !result.boxLost, !transition.treeUnreadable else {
        let words = String(decoding: (result.standardError + result.standardOutput).prefix(400), as: UTF8.self)
        throw EnvironmentError(
          "`RUN` ends with status \(result.status)\(result.timedOut ? " (it took too long)" : ""): \(words.trimmed)")
      }
      container.tree = transition.tree
    }
  }

  private func isSatisfied(_ command: String) -> Bool {
    BoxLimits.isSatisfied(command, packages: packages, requirements: requirements)
  }

  /// The text of a file that a Dockerfile can copy, by the last part of its path.
  private func requirements(_ path: String) -> String? {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return context.first { $0.key.description == name || $0.key.description.hasSuffix("/" + name) }?.value.content
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether a step needs a box with packages.
  var needsPackages: Bool {
    dockerfile?.steps.contains { step in
      switch step.instruction {
      case .run(let command): !BoxLimits.isSatisfied(command) && BoxLimits.needsPackages(command)
      default: false
      }
    } ?? false
  }

  /// Copies a file or what is in a folder, as `COPY` does.
  private func copy(_ source: String, to destination: String, among count: Int, _ container: inout Container) throws {
    let name = source.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    let place = container.absolute(destination)
    if name.isEmpty { return try container.overlay(context, under: place, file: folder) }
    let path = try TreePath(name)
    switch context[path] {
    case nil: throw EnvironmentError("`\(source)` is not in the folder of the Dockerfile")
    case .directory?:
      let prefix = path.bytes + [UInt8(ascii: "/")]
      let inside = context.filter { $0.key.bytes.starts(with: prefix) }
      try container.overlay(
        Dictionary(
          uniqueKeysWithValues: inside.map { (try TreePath($0.key.bytes.dropFirst(prefix.count)), $0.value) }),
        under: place, file: folder)
    case let entry?:
      let isFolder = destination.hasSuffix("/") || count > 1 || destination == "." || container.isDirectory(place)
      let target = isFolder ? place + "/" + (name.split(separator: "/").last ?? "") : place
      try container.put(entry, at: target)
    }
  }
}
