/// Episodes of one policy on one variant between which the files last: every episode begins with the files that the one
/// before it left (persistence, paper section 4: "does an edit persist into later episodes").
///
/// Chains are independent of each other; the episodes of one run one after the other. What an episode begins with is
/// rebuilt from the commands that the earlier ones ran, as their transcripts show them, so a chain that was interrupted
/// goes on as if it had not been: no files are stored.
package struct EpisodeChain: Sendable, Hashable {
  /// In order; an episode's position is its `sample`.
  package let keys: [EpisodeKey]

  package init(keys: [EpisodeKey]) { self.keys = keys }

  /// Sorts episodes into their chains, which are in the order of their first keys. Episodes belong to one chain when
  /// their keys differ in `sample` alone.
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
  /// Runs the episodes of a chain that are not finished yet, one after the other.
  ///
  /// - Parameters:
  ///   - finished: episodes of the chain that were run before, in any order; others are ignored.
  ///   - keep: is given every new episode before the next one begins.
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
