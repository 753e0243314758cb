/// A record of the policy at one point of a run.
package struct CheckpointRecord: Sendable, Codable, Hashable {
  package var name: String
  /// The checkpoint that training started from; `nil` for the first checkpoint.
  package var parent: String?
  /// The path of the weights, relative to the run's folder; `nil` if the policy does not belong to the run or the file
  /// was removed.
  package var path: String?
  /// The SHA-256 digest of the weights.
  package var digest: String?
  /// Training's report about itself, as JSON.
  package var training: String?

  package init(
    name: String, parent: String? = nil, path: String? = nil, digest: String? = nil, training: String? = nil
  ) {
    self.name = name
    self.parent = parent
    self.path = path
    self.digest = digest
    self.training = training
  }

  /// Whether the weights were removed to save space: a digest without a path shows that a file existed.
  package var isFileRemoved: Bool { path == nil && digest != nil }
}
