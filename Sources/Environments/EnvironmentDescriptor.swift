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

  /// Whether the environment is a list of prompts, of which only `answered` is known.
  package var isPromptList: Bool { path.map(PromptFile.isPromptFile) ?? false }

  package init(name: String, title: String, criterion: CriterionKind, path: String?, digest: String) {
    (self.name, self.title, self.criterion, self.path, self.digest) = (name, title, criterion, path, digest)
  }
}
