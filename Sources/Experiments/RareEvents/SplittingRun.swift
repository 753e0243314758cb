package import Episodes
import Foundation
import Runs
package import Statistics
package import Storage

/// A fixed-splitting run in a store: independent roots, each stored whole or not at all, and what follows from them.
///
/// Cells of the matrix do not count these episodes: their purpose is `splitting`, or `splitting-pilot-N` for those that
/// only chose the factors.
package struct SplittingRun: Sendable {
  package let store: RunStore
  package let environment: any Environment
  package let policy: any Policy
  package let arm: Arm
  package let milestones: [Milestone]
  package let seed: Seed
  /// Roots that are alive at once.
  package let concurrency: Int
  package let report: @Sendable (RunEvent) -> Void

  package init(
    store: RunStore, environment: any Environment, policy: any Policy, arm: Arm = .standard, milestones: [Milestone],
    seed: Seed, concurrency: Int = 64, report: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) {
    self.store = store
    self.environment = environment
    self.policy = policy
    self.arm = arm
    self.milestones = milestones
    self.seed = seed
    self.concurrency = concurrency
    self.report = report
  }

  /// Factors from pilot roots, chosen once in the life of the run. The first pilot does not split; each later one uses the
  /// factors that the one before suggests, and so comes further.
  ///
  /// - Parameters:
  ///   - event: the factors are the best for the rate of this one, and right for any.
  ///   - pilot: roots of each pilot.
  ///   - rounds: at most so many pilots.
  ///   - tokens: no further roots of a pilot begin once pilots have written so many.
  package func plan(
    for event: Episodes.Predicate, pilot: Int, rounds: Int = 4, cap: Int = 50, tokens: Int? = nil
  ) async throws -> [Int] {
    let step = Step<[Int]>("splitting/factors")
    if let known = try store.result(of: step) { return known }
    var factors = milestones.map { _ in 1 }
    for round in 1...max(rounds, 1) {
      let purpose = Self.pilot(round)
      // What this pilot wrote before a stop is counted by `grow` itself.
      let others = try pilotTokens() - (try tokensWritten(purpose))
      try await grow(pilot, factors: factors, purpose: purpose, tokens: tokens.map { $0 - others })
      let roots = try roots(of: event, factors: factors, purpose: purpose)
      if roots.isEmpty { break }
      let reached = factors.indices.map { level in roots.reduce(0) { $0 + $1.reached[level] } }
      // Splitting where nobody has been yet could multiply copies that all come through.
      factors = zip(try SplittingPlan(pilot: roots, factors: factors, cap: cap).factors, reached)
        .map { $1 == 0 ? 1 : $0 }
      if (reached.last ?? 0) >= 20 { break }
    }
    try store.finish(step, result: factors)
    return factors
  }

  /// Plays what of the first `roots` roots is not stored yet.
  ///
  /// - Parameter tokens: no further roots begin once this many tokens are spent. It is looked at between batches of roots
  ///   that depend on nothing but `concurrency`, so that the same run stops at the same root.
  package func grow(
    _ roots: Int, factors: [Int], purpose: String = SplittingRun.purpose, tokens: Int? = nil
  ) async throws {
    let tree = try SplittingTree(environment: environment, policy: policy, milestones: milestones, factors: factors)
    let stored = try records(purpose)
    var owed = (0..<roots).filter { index in stored[index] == nil }[...]
    let title = "\(purpose) \(environment.name)"
    if owed.isEmpty { return report(.alreadyDone(title)) }
    report(.began(title, total: roots, done: roots - owed.count))
    var spent = try tokensWritten(purpose)
    let progress = RootProgress(done: roots - owed.count, report: report)
    while !owed.isEmpty, tokens.map({ spent < $0 }) ?? true {
      let batch = tokens == nil ? owed : owed.prefix(4 * concurrency)
      owed = owed.dropFirst(batch.count)
      spent += try await grow(Array(batch), tree, purpose, progress)
    }
    report(.ended(title))
  }

  /// Plays these roots; returns the tokens that they took.
  private func grow(_ roots: [Int], _ tree: SplittingTree, _ purpose: String, _ progress: RootProgress) async throws
    -> Int
  {
    try await withThrowingTaskGroup(of: Int.self) { group in
      var spent = 0
      for (place, root) in roots.enumerated() {
        if place >= concurrency { spent += try await group.next() ?? 0 }
        group.addTask {
          let tokens = try await grow(root, tree, purpose)
          await progress.advance()
          return tokens
        }
      }
      for try await tokens in group { spent += tokens }
      return spent
    }
  }

  private func grow(_ index: Int, _ tree: SplittingTree, _ purpose: String) async throws -> Int {
    let root = try await tree.grow(key(index, purpose), seed: seed)
    let record = RootRecord(
      index: index, variant: root.key.variant, levels: root.levels, tokens: root.tokens, plainTokens: root.plainTokens)
    let leaves = root.leaves.map { ($0.episode, EpisodeWeight(root: index, logWeight: $0.logWeight)) }
    try store.insert(leaves, finishing: Self.records(purpose)["\(index)"], result: record)
    return record.tokens.reduce(0, +)
  }

  /// The key of a root's first final episode: variants in turn, and room in `sample` for the others.
  package func key(_ root: Int, _ purpose: String = SplittingRun.purpose) -> EpisodeKey {
    EpisodeKey(
      checkpoint: policy.name, environment: environment.name, arm: arm, purpose: purpose,
      variant: root % environment.variantCount, sample: root / environment.variantCount * SplittingTree.leavesPerRoot)
  }
}

// What the store says of the roots.
extension SplittingRun {
  package static let purpose = "splitting"
  static func pilot(_ round: Int) -> String { "\(purpose)-pilot-\(round)" }

  /// The stored roots as the estimate reads them, for an event. All of it follows from the stored episodes: a root's weight
  /// beyond a milestone is that of its final episodes which entered it.
  package func roots(
    of event: Episodes.Predicate, factors: [Int], purpose: String = SplittingRun.purpose
  ) throws -> [SplittingRoot] {
    let records = try records(purpose)
    let cell = Cell(checkpoint: policy.name, environment: environment.name, arm: arm, purpose: purpose)
    let outcomes = Dictionary(grouping: try store.weightedOutcomes(in: cell), by: \.weight.root)
    return records.values.sorted { $0.index < $1.index }.map { record in
      // With a single prompt, nothing but the policy is drawn.
      SplittingRoot(
        record, outcomes[record.index] ?? [], factors: factors, event: event,
        cluster: environment.variantCount == 1 ? record.index : record.variant)
    }
  }

  /// Tokens of the pilots.
  package func pilotTokens() throws -> Int {
    let records: [RootRecord] = try store.results(startingWith: "\(Self.purpose)-pilot-")
    return records.reduce(0) { $0 + $1.tokens.reduce(0, +) }
  }

  /// What is stored of the roots of a purpose.
  private static func records(_ purpose: String) -> StepFamily<RootRecord> { StepFamily("\(purpose)/root") }

  private func tokensWritten(_ purpose: String) throws -> Int {
    try records(purpose).values.reduce(0) { $0 + $1.tokens.reduce(0, +) }
  }

  private func records(_ purpose: String) throws -> [Int: RootRecord] {
    let records = try store.results(of: Self.records(purpose))
    return Dictionary(records.map { ($0.index, $0) }, uniquingKeysWith: { $1 })
  }
}

/// What is stored of a root beside its episodes.
struct RootRecord: Sendable, Codable {
  var index: Int
  var variant: Int
  /// How many milestones each final episode entered, in the order of their keys.
  var levels: [Int]
  /// [milestones + 1]
  var tokens: [Int]
  var plainTokens: Double
}

extension SplittingRoot {
  fileprivate init(
    _ record: RootRecord, _ outcomes: [WeightedOutcome], factors: [Int], event: Episodes.Predicate, cluster: Int
  ) {
    let weights = outcomes.map { exp($0.weight.logWeight) }
    let mass = factors.indices.map { milestone in
      zip(weights, record.levels).reduce(0) { $0 + ($1.1 > milestone ? $1.0 : 0) }
    }
    // Everyone who enters a milestone has the same weight.
    let reached = factors.indices.map { Int((mass[$0] * Double(factors[..<$0].reduce(1, *))).rounded()) }
    let events = zip(outcomes, weights).filter { $0.0[event] }
    self.init(
      cluster: cluster, reached: reached, mass: mass, eventMass: events.reduce(0) { $0 + $1.1 },
      events: events.count, tokens: record.tokens, plainTokens: record.plainTokens)
  }
}

/// Counts finished roots for whoever watches.
private actor RootProgress {
  private var done: Int
  private let report: @Sendable (RunEvent) -> Void

  init(done: Int, report: @escaping @Sendable (RunEvent) -> Void) {
    self.done = done
    self.report = report
  }

  func advance() {
    done += 1
    report(.advanced(done: done))
  }
}
