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

extension EpisodeLoop {
  /// Runs the unfinished episodes of a chain, one after the other.
  ///
  /// - Parameters:
  ///   - finished: episodes of the chain that ran before, in any order; others are ignored.
  ///   - keep: receives every new episode before the next one begins.
  package func run(
    _ chain: EpisodeChain, finished: [Episode] = [], seed run: Seed, keep: (Episode) async throws -> Void
  ) async throws {
    let known = Dictionary(finished.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var earlier: [Episode] = []
    for key in chain.keys {
      if let episode = known[key] {
        earlier.append(episode)
      } else {
        let episode = try await self.run(key, seed: run, after: earlier)
        try await keep(episode)
        earlier.append(episode)
      }
    }
  }
}
