internal import Environments
internal import Foundation
internal import Yams

/// The paths of environments in an experiment file.
enum EnvironmentPaths {
  /// The keys whose values name environments.
  private static let keys: Set = ["environments", "leaveOut", "heldOut", "ordinaryPrompts", "environment"]

  /// Whether a reference to an environment is a path, and not a name.
  static func isPath(_ reference: String) -> Bool {
    reference.contains("/") || PromptFile.isPromptFile(reference)
  }

  /// Returns a file's node with relative paths of environments made absolute.
  ///
  /// - Parameter folder: the folder that the paths are relative to.
  static func resolved(_ node: Node, in folder: URL, namesEnvironments: Bool = false) -> Node {
    if var mapping = node.mapping {
      for (key, value) in mapping {
        mapping[key] = resolved(value, in: folder, namesEnvironments: key.string.map(keys.contains) ?? false)
      }
      return .mapping(mapping)
    }
    if var sequence = node.sequence {
      for index in sequence.indices {
        sequence[index] = resolved(sequence[index], in: folder, namesEnvironments: namesEnvironments)
      }
      return .sequence(sequence)
    }
    guard namesEnvironments, let scalar = node.scalar, isPath(scalar.string), !scalar.string.hasPrefix("/") else {
      return node
    }
    let path = folder.appending(path: scalar.string).standardizedFileURL.path
    return .scalar(.init(path, scalar.tag, scalar.style, scalar.mark))
  }
}
