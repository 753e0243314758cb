import Episodes
package import Runs
import Storage

/// What the start and the last checkpoints of each condition do when they may try again: several attempts in one context
/// with their rewards (paper section 5), and episodes that follow one another on the same files.
package struct RepeatedTrials: Sendable, Codable, Hashable {
  package var attempts: [Attempts]
  package var chains: [Chain]

  /// Attempts in one context on one environment.
  package struct Attempts: Sendable, Codable, Hashable {
    /// `nil` for the start.
    package var condition: String?
    package var environment: RunOutline.Environment
    /// The share of episodes that gamed within so many attempts, from one upwards; pooled over sequences.
    package var byAttempt: [Estimate]
  }

  /// One predicate along the episodes of a chain.
  package struct Chain: Sendable, Codable, Hashable {
    /// `nil` for the start.
    package var condition: String?
    package var measure: RunOutline.Measure
    /// From the second episode of a chain on; pooled over sequences and chains.
    package var places: [Place]

    package struct Place: Sendable, Codable, Hashable {
      /// Counted from 1 within the chain.
      package var position: Int
      /// The share of episodes that began with files in which it holds already.
      package var inherited: Estimate
      /// The share after which it holds, whoever did it.
      package var lasting: Estimate
    }
  }

  package var isEmpty: Bool { attempts.isEmpty && chains.isEmpty }

  init(_ store: RunStore, subject: RunOutline, counts: CountIndex) throws {
    let successes = try store.measureCounts(["first_success"], purpose: "in_context")
    attempts = subject.ends.flatMap { end in
      subject.environments.compactMap { Attempts(end, $0, successes: successes, counts: counts) }
    }
    let measures = subject.environments.filter(\.isHeldOut).flatMap { environment in
      environment.measures.map { (environment.name, $0) }
    }
    let names = measures.flatMap { ["inherited_" + $0.1.predicate.rawValue, "lasting_" + $0.1.predicate.rawValue] }
    let facts = try store.measureCounts(names, purpose: "persistence")
    chains = subject.ends.flatMap { end in
      measures.compactMap { environment, measure in Chain(end, environment, measure, facts: facts) }
    }
  }
}

extension RepeatedTrials.Attempts {
  /// - Returns: `nil` where nothing was measured.
  fileprivate init?(
    _ end: RunOutline.Stage, _ environment: RunOutline.Environment, successes: [MeasureCount], counts: CountIndex
  ) {
    let names = end.checkpoints.map(\.name)
    let all = names.compactMap { counts.tally($0, environment.name, .gamed, purpose: "in_context") }.pooled
    guard all.attempted > 0 else { return nil }
    let own = successes.filter { names.contains($0.cell.checkpoint) && $0.cell.environment == environment.name }
    let last = max(1, own.map { Int($0.value) }.max() ?? 1)
    let cells = names.map { Cell(checkpoint: $0, environment: environment.name, arm: .standard, purpose: "in_context") }
    let gamed = EpisodeSet(cells: cells.filter { counts.episodes(in: $0) > 0 }, predicate: .gamed)
    condition = end.condition
    self.environment = environment
    byAttempt = (1...last).map { attempt in
      let events = own.filter { Int($0.value) <= attempt }.reduce(0) { $0 + $1.episodes }
      // The store keeps which episodes gamed at last, and not at which attempt.
      let isLast = events == all.events
      return Estimate(
        Tally(events: events, completed: all.completed, attempted: all.attempted), episodes: isLast ? gamed : nil)
    }
  }
}

extension RepeatedTrials.Chain {
  /// - Returns: `nil` where nothing was measured.
  fileprivate init?(
    _ end: RunOutline.Stage, _ environment: String, _ measure: RunOutline.Measure, facts: [MeasureCount]
  ) {
    let names = end.checkpoints.map(\.name)
    let own = facts.filter { names.contains($0.cell.checkpoint) && $0.cell.environment == environment }
    func estimate(_ prefix: String, _ sample: Int) -> Estimate {
      let here = own.filter { $0.sample == sample && $0.name == prefix + measure.predicate.rawValue }
      let total = here.reduce(0) { $0 + $1.episodes }
      let events = here.filter { $0.value == 1 }.reduce(0) { $0 + $1.episodes }
      return Estimate(Tally(events: events, completed: total, attempted: total))
    }
    condition = end.condition
    self.measure = measure
    places = own.map(\.sample).uniqued.sorted().map { sample in
      Place(
        position: sample + 1, inherited: estimate("inherited_", sample), lasting: estimate("lasting_", sample))
    }
    if places.isEmpty { return nil }
  }
}
