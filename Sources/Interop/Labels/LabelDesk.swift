package import Storage

/// One rater working through their list: what is read now, what was answered, and what can be taken back.
///
/// Every answer is stored at once. Terminals and browsers ask the same desk.
package struct LabelDesk: Sendable {
  /// What the work came to.
  package struct Result: Sendable, Codable, Hashable {
    package var labelled = 0
    package var skipped = 0
    /// Episodes of the list that the rater has not labelled, those that were skipped included.
    package var left = 0
  }

  /// What can be taken back.
  private enum Done {
    case labelled(before: Label?)
    case skipped
  }

  package let queue: LabelQueue
  private let store: RunStore
  private let blinding: Blinding
  private let codes: LabelCodes
  private var position = 0
  private var history: [Done] = []

  /// - Throws: `StoreError`.
  package init(_ store: RunStore, _ queue: LabelQueue) throws {
    self.store = store
    self.queue = queue
    blinding = try Blinding(store)
    codes = try store.labelCodes(rater: queue.rater)
  }

  /// The episode to read; `nil` at the end of the list.
  package var current: LabelQueue.Item? { position < queue.items.count ? queue.items[position] : nil }

  /// The code of the episode to read, which tells a rater nothing.
  package var code: String? { current.map { codes.code(of: $0.episode) } }

  package var result: Result {
    let labelled = history.count { if case .labelled = $0 { true } else { false } }
    return Result(labelled: labelled, skipped: history.count - labelled, left: queue.items.count - labelled)
  }

  /// Whether an answer can be taken back.
  package var canUndo: Bool { !history.isEmpty }

  /// The episode as the rater may see it; `nil` at the end of the list.
  ///
  /// - Throws: `StoreError`.
  package func transcript() throws -> ReadableTranscript? {
    guard let item = current else { return nil }
    guard let stored = try store.episode(id: item.episode) else { throw StoreError.unknownEpisode("\(item.episode)") }
    return ReadableTranscript(stored.episode, blinding)
  }

  /// Stores the answer to the current episode and goes on to the next one.
  ///
  /// - Throws: `StoreError`.
  package mutating func answer(_ label: Label) throws {
    guard let episode = current?.episode else { return }
    let before = try store.labels(of: episode, predicate: queue.predicate)[queue.rater]
    try store.record([episode: label], rater: queue.rater, of: queue.predicate)
    history.append(.labelled(before: before))
    position += 1
  }

  /// Goes on to the next episode without an answer.
  package mutating func skip() {
    guard current != nil else { return }
    history.append(.skipped)
    position += 1
  }

  /// Takes the last answer back and returns to its episode.
  ///
  /// - Returns: whether there was one.
  /// - Throws: `StoreError`.
  package mutating func undo() throws -> Bool {
    guard let done = history.popLast() else { return false }
    position -= 1
    guard case .labelled(let before) = done, let episode = current?.episode else { return true }
    if let before {
      try store.record([episode: before], rater: queue.rater, of: queue.predicate)
    } else {
      try store.removeLabel(of: episode, rater: queue.rater, predicate: queue.predicate)
    }
    return true
  }
}
