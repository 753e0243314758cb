import Episodes
import Storage
import Synchronization

/// Runs the episodes that are still owed, many at once, and stores each.
///
/// An episode depends on its key and the run's seed alone, so neither the order in which episodes finish nor a restart in
/// between changes any of them.
struct EpisodeRunner: Sendable {
  let store: RunStore
  let root: Seed
  /// Episodes that are alive at once.
  let concurrency: Int
  let report: @Sendable (RunEvent) -> Void

  /// Runs what of `keys` is not stored yet, and returns the episodes of all keys, in the order of the keys.
  ///
  /// Use it where the episodes are needed: it reads from the store those that were played before, and keeps the others.
  func collect(
    _ keys: [EpisodeKey], title: String, environment: any Environment, policy: any Policy
  ) async throws -> [Episode] {
    let owed = try store.owed(keys)
    let missing = Set(owed)
    let stored = try store.episodes(keys.filter { !missing.contains($0) })
    let kept = Mutex(Dictionary(uniqueKeysWithValues: stored.map { ($0.key, $0) }))
    let loop = EpisodeLoop(environment: environment, policy: policy)
    try await play(owed, of: keys, owed.map { EpisodeChain(keys: [$0]) }, loop, title) { episode in
      kept.withLock { $0[episode.key] = episode }
    }
    let episodes = kept.withLock { $0 }
    return keys.compactMap { episodes[$0] }
  }

  /// Runs what of `keys` is not stored yet.
  ///
  /// - Parameters:
  ///   - title: what the work is called in progress events.
  ///   - attempts: at most so many attempts in each episode's context.
  ///   - filesLast: the episodes of a variant follow one another on the same files.
  func run(
    _ keys: [EpisodeKey], title: String, environment: any Environment, policy: any Policy, attempts: Int = 1,
    filesLast: Bool = false
  ) async throws {
    let owed = try store.owed(keys)
    let chains = filesLast ? EpisodeChain.chains(of: keys) : owed.map { EpisodeChain(keys: [$0]) }
    let loop = EpisodeLoop(environment: environment, policy: policy, attempts: attempts)
    try await play(owed, of: keys, chains, loop, title) { _ in }
  }

  /// Plays what is owed of some keys.
  ///
  /// - Parameter keep: receives every new episode.
  private func play(
    _ owed: [EpisodeKey], of keys: [EpisodeKey], _ chains: [EpisodeChain], _ loop: EpisodeLoop, _ title: String,
    keep: @escaping @Sendable (Episode) -> Void
  ) async throws {
    guard !owed.isEmpty else { return report(.alreadyDone(title)) }
    report(.began(title, total: keys.count, done: keys.count - owed.count))
    let sink = EpisodeSink(store: store, done: keys.count - owed.count, keep: keep, report: report)
    do {
      try await play(chains, loop, sink)
    } catch {
      try await sink.flush()
      throw error
    }
    try await sink.flush()
    report(.ended(title))
  }

  private func play(_ chains: [EpisodeChain], _ loop: EpisodeLoop, _ sink: EpisodeSink) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, chain) in chains.enumerated() {
        if index >= concurrency { try await group.next() }
        let finished = chain.keys.count > 1 ? try store.episodes(chain.keys) : []
        group.addTask { try await loop.run(chain, finished: finished, seed: root) { try await sink.add($0) } }
      }
      try await group.waitForAll()
    }
  }
}

/// Collects finished episodes and stores them in batches.
private actor EpisodeSink {
  private let store: RunStore
  private let keep: @Sendable (Episode) -> Void
  private let report: @Sendable (RunEvent) -> Void
  private var finished: [Episode] = []
  private var done: Int

  /// Finished episodes that wait for the next write. A killed process loses at most these, and owes them again.
  private let batch = 64

  init(
    store: RunStore, done: Int, keep: @escaping @Sendable (Episode) -> Void,
    report: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.store = store
    self.done = done
    self.keep = keep
    self.report = report
  }

  func add(_ episode: Episode) throws {
    finished.append(episode)
    keep(episode)
    done += 1
    report(.advanced(done: done))
    if finished.count >= batch { try flush() }
  }

  func flush() throws {
    try store.insert(finished)
    finished = []
  }
}
