/// Remembers results by the hash of what they are a function of, and lets simultaneous callers share one computation.
///
/// Bounded: entries live in two generations. When the young one is full it becomes the old one and the former old one is
/// dropped; an old entry that is used becomes young again.
actor ResultCache<Value: Hashable & Sendable> {
  /// A computed value, and its size when it may stand for other runs.
  struct Computed: Sendable {
    let value: Value
    let rememberedBytes: Int?
  }

  /// Where a value came from.
  enum Origin: Sendable {
    case computed, remembered
    case rechecked(same: Bool)
  }

  private struct Entry {
    let value: Value
    let bytes: Int
    var uses: UInt64 = 0
  }

  private let byteLimit: Int
  private var young: [ContentHash: Entry] = [:]
  private var old: [ContentHash: Entry] = [:]
  private var youngBytes = 0
  private var underWay: [ContentHash: Task<Computed, any Error>] = [:]

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// The value of `key`: remembered, shared with a caller that is computing it, or computed.
  ///
  /// About one in `recheckInterval` hits, chosen by key and number of uses, is computed again and compared. A value that
  /// differs is forgotten, and the new one returned: it is what just happened. A computation that was cut proves nothing.
  func value(
    for key: ContentHash, recheckInterval: UInt64, compute: @escaping @Sendable () async throws -> Computed
  ) async throws -> (Value, Origin) {
    if let entry = use(key) {
      guard Self.isDue(key, entry.uses, every: recheckInterval) else { return (entry.value, .remembered) }
      return try await recheck(key, entry.value, compute)
    }
    if let other = underWay[key] {
      if let shared = try? await other.value, shared.rememberedBytes != nil { return (shared.value, .remembered) }
      return (try await compute().value, .computed)
    }
    let task = Task { try await compute() }
    underWay[key] = task
    defer { underWay[key] = nil }
    let computed = try await task.value
    if let bytes = computed.rememberedBytes { insert(Entry(value: computed.value, bytes: bytes), for: key) }
    return (computed.value, .computed)
  }

  private func recheck(
    _ key: ContentHash, _ value: Value, _ compute: () async throws -> Computed
  ) async throws -> (Value, Origin) {
    let again = try await compute()
    guard again.rememberedBytes != nil else { return (value, .remembered) }
    guard again.value != value else { return (value, .rechecked(same: true)) }
    young[key] = nil
    old[key] = nil
    return (again.value, .rechecked(same: false))
  }

  private func use(_ key: ContentHash) -> Entry? {
    if young[key] == nil, let entry = old.removeValue(forKey: key) { insert(entry, for: key) }
    young[key]?.uses += 1
    return young[key]
  }

  private func insert(_ entry: Entry, for key: ContentHash) {
    if youngBytes + entry.bytes > byteLimit / 2 {
      old = young
      young = [:]
      youngBytes = 0
    }
    young[key] = entry
    youngBytes += entry.bytes
  }

  private static func isDue(_ key: ContentHash, _ uses: UInt64, every interval: UInt64) -> Bool {
    let mixed = (key.number ^ uses) &* 0x9e37_79b9_7f4a_7c15
    return (mixed >> 32) % interval == 0
  }
}
