import Episodes
import Storage

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

  /// Finished episodes that wait for the next write. A killed process loses at most these, and owes them again.
  private let batch = 64

  /// Runs what of `keys` is not stored yet.
  ///
  /// - Parameter title: what the work is called in progress events.
  func run(
    _ keys: [EpisodeKey], title: String, environment: any Environment, policy: any Policy
  ) async throws {
    let owed = try store.owed(keys)
    guard !owed.isEmpty else { return report(.alreadyDone(title)) }
    report(.began(title, total: keys.count, done: keys.count - owed.count))
    let loop = EpisodeLoop(environment: environment, policy: policy)
    var finished: [Episode] = []
    var done = keys.count - owed.count
    try await withThrowingTaskGroup(of: Episode.self) { group in
      var waiting = owed.makeIterator()
      func startNext() {
        guard let key = waiting.next() else { return }
        group.addTask { try await loop.run(key, seed: root) }
      }
      for _ in 0..<concurrency { startNext() }
      do {
        while let episode = try await group.next() {
          startNext()
          finished.append(episode)
          done += 1
          report(.advanced(done: done))
          if finished.count >= batch { try flush(&finished) }
        }
      } catch {
        try flush(&finished)
        throw error
      }
    }
    try flush(&finished)
    report(.ended(title))
  }

  private func flush(_ finished: inout [Episode]) throws {
    try store.insert(finished)
    finished = []
  }
}
