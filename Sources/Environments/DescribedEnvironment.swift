package import Episodes
import Foundation
package import Sandboxing

/// An environment as it was asked for: by a shipped one's name, by the path of a folder or of a task in Harbor's form, or
/// by the path of a list of prompts.
package struct DescribedEnvironment: Sendable {
  private enum Content: Sendable {
    case folder(EnvironmentDefinition)
    case prompts([Prompt])
    case harbor(HarborTask)
  }

  package let descriptor: EnvironmentDescriptor
  private let content: Content

  /// Reads an environment.
  ///
  /// A folder or a list that is called like a shipped environment and is not the same has a part of its digest behind
  /// its name, so that the episodes of the two are never mixed.
  ///
  /// - Parameter packages: for tasks in Harbor's form that ask for some; by default pytest as the host has it.
  /// - Throws: `EnvironmentError`.
  package init(_ reference: String, packages: BoxPackages? = nil) throws {
    let (definedName, title, criterion, digest): (String, String, CriterionKind, String)
    if PromptFile.isPromptFile(reference) {
      let url = URL(filePath: reference)
      content = .prompts(try PromptFile.read(url))
      (definedName, criterion) = (url.deletingPathExtension().lastPathComponent, .answer)
      (title, digest) = (definedName, try EnvironmentDigest.of(["": FolderReader.text(of: url)]))
    } else if !EnvironmentCatalogue.builtIn.contains(reference), HarborTask.isTask(URL(filePath: reference)) {
      let task = try HarborTask(URL(filePath: reference), packages: packages ?? BoxPackages.ofHost)
      content = .harbor(task)
      (definedName, title, criterion, digest) = (task.name, task.title, .reward, task.digest)
    } else {
      let definition = try EnvironmentCatalogue.load(reference)
      content = .folder(definition)
      (definedName, title) = (definition.name, definition.title)
      (criterion, digest) = (definition.criterionKind, definition.digest)
    }
    let isShipped = EnvironmentCatalogue.builtIn.contains(reference)
    var name = definedName
    if !isShipped, EnvironmentCatalogue.builtIn.contains(name), try EnvironmentCatalogue.load(name).digest != digest {
      name += "@\(digest.prefix(8))"
    }
    descriptor = EnvironmentDescriptor(
      name: name, title: name == definedName ? title : "\(title) (\(reference))", criterion: criterion,
      path: isShipped ? nil : URL(filePath: reference).path, digest: digest)
  }

  /// The environment, which runs its commands in `sandbox`.
  ///
  /// - Parameter reader: reads what only the words of an answer can tell.
  /// - Throws: `EnvironmentError` when a list has no prompts.
  package func environment(in sandbox: Sandbox, reader: any AnswerReader = RuleReader()) throws -> any Environment {
    switch content {
    case .folder(let definition):
      FolderEnvironment(definition, sandbox: sandbox, name: descriptor.name, reader: reader)
    case .prompts(let prompts): try PromptListEnvironment(name: descriptor.name, prompts: prompts)
    case .harbor(let task): HarborEnvironment(task, name: descriptor.name, in: sandbox)
    }
  }

  /// The environment for counting its episodes.
  package var unplayed: UnplayedEnvironment {
    switch content {
    case .folder(let definition):
      UnplayedEnvironment(
        name: descriptor.name, variantCount: definition.variantCount, arms: definition.arms, limits: definition.limits,
        isTrainable: definition.role.isTrained)
    case .prompts(let prompts):
      UnplayedEnvironment(
        name: descriptor.name, variantCount: prompts.count, arms: [.standard], limits: EpisodeLimits(),
        isTrainable: true)
    case .harbor:
      UnplayedEnvironment(
        name: descriptor.name, variantCount: 1, arms: [.standard], limits: HarborEnvironment.limits, isTrainable: true)
    }
  }

  /// The packages of its boxes; `nil` for the usual sandbox.
  package var packages: BoxPackages? { if case .harbor(let task) = content { task.packages } else { nil } }

  /// What of the environment can be audited.
  package var auditable: Auditable {
    switch content {
    case .folder(let definition): .folder(definition)
    case .harbor(let task): .harbor(task)
    case .prompts: .prompts
    }
  }

  /// The kinds of environment that an audit distinguishes.
  package enum Auditable: Sendable {
    case folder(EnvironmentDefinition)
    case harbor(HarborTask)
    /// Prompts without files have nothing to game.
    case prompts
  }

  /// Several environments of one run.
  ///
  /// - Throws: `EnvironmentError`, also where two of them would be stored under one name.
  package static func all(_ references: [String], packages: BoxPackages? = nil) throws -> [DescribedEnvironment] {
    let all = try references.map { try DescribedEnvironment($0, packages: packages) }
    try checkNames(all)
    return all
  }

  /// - Throws: `EnvironmentError` where two environments would be stored under one name.
  package static func checkNames(_ all: [DescribedEnvironment]) throws {
    for (index, one) in all.enumerated() {
      if let other = all[..<index].first(where: { $0.descriptor.name == one.descriptor.name }) {
        throw EnvironmentError(
          "two environments are called `\(one.descriptor.name)`: \(other.descriptor.path ?? "the shipped one") and "
            + "\(one.descriptor.path ?? "the shipped one"); rename one of them, or leave it out")
      }
    }
  }
}
