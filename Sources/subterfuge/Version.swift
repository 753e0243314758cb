/// The version of a program, from the description that git gives of the checkout that was built.
struct Version: Equatable {
  /// The number of the next release: the version where the checkout has no version tag.
  static let next = "0.1.0"

  /// The version of this program.
  static let current = Version(description: builtDescription)

  /// The version's number, without the `v` of its tag.
  let number: String
  /// Commits since the tag; `nil` without a tag.
  let distance: Int?
  /// The first twelve digits of the commit; empty where it is not known.
  let commit: String
  /// Whether tracked files differed from the commit.
  let isDirty: Bool

  /// Reads what `Scripts/record_commit.sh` recorded: `v0.1.0-3-g1a2b3c4d5e6f.dirty`, a commit alone, or nothing.
  init(description: String) {
    let dirty = ".dirty"
    isDirty = description.hasSuffix(dirty)
    let clean = isDirty ? String(description.dropLast(dirty.count)) : description
    if let tagged = clean.wholeMatch(of: /v(.+)-([0-9]+)-g([0-9a-f]+)/) {
      (number, distance, commit) = (String(tagged.1), Int(tagged.2), String(tagged.3))
    } else {
      (number, distance, commit) = (Self.next, nil, clean)
    }
  }

  /// What `--version` prints: `0.1.0` at the tag itself, `0.1.0+3.1a2b3c4d5e6f` three commits later, `0.1.0+1a2b3c4d5e6f` without a
  /// tag, and `.dirty` behind it when files had changed.
  var text: String { distance == 0 && !isDirty ? number : withCommit }

  /// What wrote a run. The commit is part of it at a tag too, because a tag can be moved. Stored beside the run's
  /// configuration.
  var revision: String { "subterfuge \(withCommit)" }

  private var withCommit: String {
    let since = distance.flatMap { $0 > 0 ? "\($0)." : nil } ?? ""
    return commit.isEmpty ? number : "\(number)+\(since)\(commit)\(isDirty ? ".dirty" : "")"
  }
}
