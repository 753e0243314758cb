package import Episodes
package import Storage

/// The episodes that one rater reads, in an order of their own.
///
/// Which episodes are read is the same for all raters of a run, so that they can be compared: a sample is the episodes with
/// the smallest numbers drawn by seed, which also keeps it as it was, as far as it can, while a run still grows. The order is
/// drawn by the rater's name, so nobody can tell from an episode's place when it was made or what another rater is reading.
package struct LabelQueue: Sendable {
  /// What a rater is given.
  package struct Options: Sendable, Hashable {
    package var selection: LabelSelection
    /// At most so many positives; `nil`: all.
    package var sample: Int?
    /// The share of the list, from 0 to below 1, that is made of episodes in which the predicate does not hold, so that
    /// a rater cannot take every episode for a positive.
    package var negatives: Double
    /// Another seed draws another sample.
    package var seed: UInt64
    /// Whether episodes that the rater has labelled are asked for again.
    package var again: Bool

    package init(
      _ selection: LabelSelection, sample: Int? = nil, negatives: Double = 0, seed: UInt64 = 1, again: Bool = false
    ) {
      precondition(negatives >= 0 && negatives < 1, "a share of \(negatives)")
      self.selection = selection
      self.sample = sample
      self.negatives = negatives
      self.seed = seed
      self.again = again
    }
  }

  /// One episode of the list.
  package struct Item: Sendable, Hashable {
    /// Its place in the rater's order, from 1; the only number that a rater sees.
    package var position: Int
    /// Its number in the store, never shown.
    package var episode: Int
  }

  package let rater: String
  /// What the episodes are read for.
  package let predicate: Predicate
  /// The length of the whole list, episodes that are labelled already included.
  package let total: Int
  /// What is left to read, in order.
  package let items: [Item]

  /// - Throws: `StoreError`.
  package init(_ store: RunStore, rater: String, _ options: Options) throws {
    let root = try store.run().rootSeed["labels"]
    let chosen = try Self.episodes(store, options, seed: root["sample"][Int(truncatingIfNeeded: options.seed)])
    let order = Self.drawn(chosen, seed: root["order", rater])
    let done = options.again ? [] : Set(try store.labels(by: rater, predicate: options.selection.predicate).keys)
    self.rater = rater
    predicate = options.selection.predicate
    total = order.count
    items = order.enumerated().filter { !done.contains($1) }.map { Item(position: $0 + 1, episode: $1) }
  }

  private static func episodes(_ store: RunStore, _ options: Options, seed: Seed) throws -> [Int] {
    let positives = drawn(try store.episodeNumbers(options.selection.positives, limit: .max), seed: seed)
    let read = Array(positives.prefix(options.sample ?? .max))
    // Rounded up: a list of one positive has a decoy too. What rounding adds to a whole number does not count.
    let decoys = Int((Double(read.count) * options.negatives / (1 - options.negatives) - 1e-9).rounded(.up))
    guard decoys > 0 else { return read }
    return read + (try decoyCandidates(store, options.selection, count: decoys, seed: seed))
  }

  /// Episodes that tried and did not get there come first: those in which nothing happened would give themselves away.
  private static func decoyCandidates(
    _ store: RunStore, _ selection: LabelSelection, count: Int, seed: Seed
  ) throws -> [Int] {
    var trying = selection.negatives
    trying.holding = [.attempted]
    let near = drawn(try store.episodeNumbers(trying, limit: .max), seed: seed)
    if near.count >= count { return Array(near.prefix(count)) }
    let known = Set(near)
    let others = try store.episodeNumbers(selection.negatives, limit: .max).filter { !known.contains($0) }
    return near + drawn(others, seed: seed).prefix(count - near.count)
  }

  /// The numbers in the order of what a seed draws for each.
  private static func drawn(_ numbers: [Int], seed: Seed) -> [Int] {
    numbers.map { ($0, seed[$0].value) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
  }
}
