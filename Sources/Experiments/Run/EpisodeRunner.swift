import Episodes
import Storage
import Synchronization

/// Episodes of one environment, and who plays them.
struct EpisodeWork: Sendable {
  /// What the work is called in progress events.
  var title: String
  var keys: [EpisodeKey]
  var environment: any Environment
  /// Makes the policy when an episode is owed, so that a run goes on without the weights of checkpoints whose episodes are
  /// all stored.
  var policy: @Sendable () async throws -> any Policy
  /// At most so many attempts in each episode's context.
  var attempts = 1
  /// The episodes of a variant follow one another on the same files.
  var filesLast = false

  /// The episodes that depend on one another, each chain in order.
  fileprivate func chains(owed: [EpisodeKey]) -> [EpisodeChain] {
    if owed.isEmpty { return [] }
    return filesLast ? EpisodeChain.chains(of: keys) : owed.map { EpisodeChain(keys: [$0]) }
  }
}

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

  /// Runs what of a work's keys is not stored yet, and returns the episodes of all keys, in the order of the keys.
  ///
  /// Use it where the episodes are needed: it reads from the store those that were played before, and keeps the others.
  func collect(_ work: EpisodeWork) async throws -> [Episode] {
    let missing = Set(try store.owed(work.keys))
    let stored = try store.episodes(work.keys.filter { !missing.contains($0) })
    let kept = Mutex(Dictionary(uniqueKeysWithValues: stored.map { ($0.key, $0) }))
    try await play([work]) { episode in kept.withLock { $0[episode.key] = episode } }
    let episodes = kept.withLock { $0 }
    return work.keys.compactMap { episodes[$0] }
  }

  /// Runs what of the works' keys is not stored yet. A work begins while the last episodes of the one before are still
  /// played, so that the sampler has enough to do.
  func run(_ works: [EpisodeWork]) async throws { try await play(works) { _ in } }

  /// - Parameter keep: receives every new episode.
  private func play(_ works: [EpisodeWork], keep: @escaping @Sendable (Episode) -> Void) async throws {
    let owed = try works.map { try store.owed($0.keys) }
    let sink = EpisodeSink(store: store, works: Array(zip(works, owed)), keep: keep, report: report)
    await sink.begin()
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        var started = 0
        for (index, work) in works.enumerated() {
          let chains = work.chains(owed: owed[index])
          if chains.isEmpty { continue }
          let loop = EpisodeLoop(
            environment: work.environment, policy: try await work.policy(), attempts: work.attempts)
          for chain in chains {
            if started >= concurrency { try await group.next() }
            started += 1
            let finished = chain.keys.count > 1 ? try store.episodes(chain.keys) : []
            group.addTask {
              try await loop.run(chain, finished: finished, seed: root) { try await sink.add($0, of: index) }
            }
          }
        }
        try await group.waitForAll()
      }
    } catch {
      try await sink.flush()
      throw error
    }
    try await sink.flush()
  }
}

/// Collects finished episodes, stores them in batches, and reports one work after another.
private actor EpisodeSink {
  private struct Part {
    var title: String
    var total: Int
    var owed: Int
    /// Whether something of it was owed at the beginning.
    let isNew: Bool
    /// Episodes that this process played.
    var played = 0
  }

  private let store: RunStore
  private let keep: @Sendable (Episode) -> Void
  private let report: @Sendable (RunEvent) -> Void
  private var finished: [Episode] = []
  private var parts: [Part]
  /// The first work that is not at its end.
  private var current = 0

  /// Finished episodes that wait for the next write. A killed process loses at most these, and owes them again.
  private let batch = 64

  init(
    store: RunStore, works: [(EpisodeWork, owed: [EpisodeKey])], keep: @escaping @Sendable (Episode) -> Void,
    report: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.store = store
    self.keep = keep
    self.report = report
    parts = works.map { Part(title: $0.title, total: $0.keys.count, owed: $1.count, isNew: !$1.isEmpty) }
  }

  /// Reports the first work that is played, and those before it that an earlier process finished.
  func begin() {
    while current < parts.count {
      let part = parts[current]
      if part.isNew { report(.began(part.title, total: part.total, done: part.total - part.owed)) }
      if part.owed > 0 { return }
      report(part.isNew ? .ended(part.title) : .alreadyDone(part.title))
      current += 1
    }
  }

  func add(_ episode: Episode, of work: Int) throws {
    finished.append(episode)
    keep(episode)
    parts[work].owed -= 1
    parts[work].played += 1
    if current < parts.count {
      let ahead = parts[(current + 1)...].reduce(0) { $0 + $1.played }
      report(.advanced(done: parts[current].total - parts[current].owed, ahead: ahead))
    }
    if finished.count >= batch || parts[work].owed == 0 { try flush() }
    guard work == current, parts[work].owed == 0 else { return }
    report(.ended(parts[work].title))
    current += 1
    begin()
  }

  func flush() throws {
    try store.insert(finished)
    finished = []
  }
}
