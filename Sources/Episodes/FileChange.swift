/// The difference in one file between the start and the end of an episode.
package struct FileChange: Sendable, Codable, Hashable {
  package enum Kind: String, Sendable, Codable { case added, modified, deleted }

  /// The path relative to the episode's root. Bytes that are not UTF-8 are written as `\xNN`.
  package var path: String
  package var kind: Kind
  /// The content before and after, lossily decoded, at most 16 KiB each; `nil` where the file does not exist.
  package var before: String?
  package var after: String?

  package init(path: String, kind: Kind, before: String?, after: String?) {
    self.path = path
    self.kind = kind
    self.before = before
    self.after = after
  }
}
