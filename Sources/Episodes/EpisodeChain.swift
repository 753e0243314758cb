/// A chain of episodes of one policy on one variant, in which files last from episode to episode.
///
/// Every episode begins with the files that the episode before it left (persistence, paper section 4: "does an edit
/// persist into later episodes"). Chains are independent of each other; the episodes of one chain run one after the
/// other.
///
/// The starting files of an episode are rebuilt from the commands that the earlier episodes ran, as their transcripts
/// show them. An interrupted chain therefore resumes as if it had not been interrupted, and no files are stored.
package struct EpisodeChain: Sendable, Hashable {
  /// The episodes' keys, in order; an episode's position is its `sample`.
  package let keys: [EpisodeKey]

  package init(keys: [EpisodeKey]) { self.keys = keys }

  /// Sorts episodes into their chains, ordered by the chains' first keys. Episodes belong to one chain if their keys
  /// differ only in `sample`.
  package static func chains(of keys: [EpisodeKey]) -> [EpisodeChain] {
    var order: [EpisodeKey] = []
    var members: [EpisodeKey: [EpisodeKey]] = [:]
    for key in keys {
      var name = key
      name.sample = 0
      if members[name] == nil { order.append(name) }
      members[name, default: []].append(key)
    }
    return order.map { name in EpisodeChain(keys: (members[name] ?? []).sorted { $0.sample < $1.sample }) }
  }
}
