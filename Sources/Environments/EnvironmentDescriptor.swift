import Foundation

/// What a run keeps of an environment, so that its results can be read where the folder is not: who it is, and what it
/// counts.
package struct EnvironmentDescriptor: Sendable, Codable, Hashable {
  /// Under which its episodes are stored.
  package var name: String
  package var title: String
  package var criterion: CriterionKind
  /// The folder that the user gave; `nil` for a shipped environment.
  package var path: String?
  /// `EnvironmentDefinition.digest`: what the environment is, whatever it is called.
  package var digest: String

  package init(name: String, title: String, criterion: CriterionKind, path: String?, digest: String) {
    (self.name, self.title, self.criterion, self.path, self.digest) = (name, title, criterion, path, digest)
  }
}

/// An environment as it was asked for: by a shipped one's name, or by a folder's path.
package struct DescribedEnvironment: Sendable {
  package let definition: EnvironmentDefinition
  package let descriptor: EnvironmentDescriptor

  /// A folder that is called like a shipped environment and is not the same has a part of its digest behind its name, so
  /// that the episodes of the two are never mixed.
  ///
  /// - Throws: `EnvironmentError`.
  package init(_ nameOrFolder: String) throws {
    definition = try EnvironmentCatalogue.load(nameOrFolder)
    let isShipped = EnvironmentCatalogue.builtIn.contains(nameOrFolder)
    let digest = definition.digest
    var name = definition.name
    if !isShipped, EnvironmentCatalogue.builtIn.contains(name), try EnvironmentCatalogue.load(name).digest != digest {
      name += "@\(digest.prefix(8))"
    }
    descriptor = EnvironmentDescriptor(
      name: name, title: name == definition.name ? definition.title : "\(definition.title) (\(nameOrFolder))",
      criterion: definition.criterionKind, path: isShipped ? nil : URL(filePath: nameOrFolder).path, digest: digest)
  }

  /// Several environments of one run.
  ///
  /// - Throws: `EnvironmentError`, also where two of them would be stored under one name.
  package static func all(_ namesOrFolders: [String]) throws -> [DescribedEnvironment] {
    let all = try namesOrFolders.map(DescribedEnvironment.init)
    for (index, one) in all.enumerated() {
      if let other = all[..<index].first(where: { $0.descriptor.name == one.descriptor.name }) {
        throw EnvironmentError(
          "two environments are called `\(one.descriptor.name)`: \(other.descriptor.path ?? "the shipped one") and "
            + "\(one.descriptor.path ?? "the shipped one"); rename one of them, or leave it out")
      }
    }
    return all
  }
}
