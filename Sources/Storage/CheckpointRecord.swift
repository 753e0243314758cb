/// A policy as it was at one point of a run.
package struct CheckpointRecord: Sendable, Codable, Hashable {
  package var name: String
  /// The checkpoint that training started from; `nil` for the first.
  package var parent: String?
  /// Where its weights are, relative to the run's folder; `nil` for a policy that is not the run's own, and when the
  /// file was removed.
  package var path: String?
  /// SHA-256 of the weights.
  package var digest: String?
  /// What training reports about itself, as JSON.
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

  /// Whether its weights were removed to save space: the digest says that there was a file.
  package var isFileRemoved: Bool { path == nil && digest != nil }
}
