package import Episodes
import Foundation

/// Plays roots of a fixed-splitting run (Glasserman, Heidelberger, Shahabuddin and Zajic, Operations Research 47, 1999):
/// an episode that first enters a milestone goes on as several copies that share its weight.
///
/// The copies of one root are played one after the other, the latest made first, so that few are alive at once; roots run
/// side by side. Every draw follows from the root's seed and the path of copies, so a root is the same however it is run.
package struct SplittingTree: Sendable {
  package let environment: any Environment
  package let policy: any Policy
  package let milestones: [Milestone]
  /// Into how many copies an episode is split at each milestone, [milestones].
  package let factors: [Int]

  /// More copies than anyone wants; their number within a root is part of an episode's key.
  package static let leavesPerRoot = 1_000_000

  /// - Throws: `ExperimentError` when milestones and factors do not fit each other.
  package init(
    environment: any Environment, policy: any Policy, milestones: [Milestone], factors: [Int]
  ) throws {
    guard factors.count == milestones.count, factors.allSatisfy({ (1...10_000).contains($0) }) else {
      throw ExperimentError(
        "Splitting has \(milestones.count) milestones (\(milestones.map(\.name.rawValue).joined(separator: ", "))) and the "
          + "factors \(factors.map(String.init).joined(separator: ", ")). Give each milestone one, from 1 to 10000.")
    }
    self.environment = environment
    self.policy = policy
    self.milestones = milestones
    self.factors = factors
  }

  /// Plays one root to the end of all of its copies.
  ///
  /// - Parameters:
  ///   - key: the key of its first final episode; those of the others follow in `sample`.
  ///   - run: the run's root seed.
  /// - Throws: `CancellationError`, an error in `key`, or an `ExperimentError` when the policy or the environment cannot be
  ///   cloned. Any other failure of an episode is kept as data.
  package func grow(_ key: EpisodeKey, seed run: Seed) async throws -> GrownRoot {
    let sample = try environment.sample(variant: key.variant, arm: key.arm, style: policy.promptStyle)
    let seed = key.seed(in: run)
    var root = GrownRoot(key: key, milestones: milestones.count)
    do {
      let first = try await open(sample, seed: seed)
      var alive = [Particle(episode: first, seed: seed)]
      do {
        while let particle = alive.popLast() { try await follow(particle, &alive, &root) }
      } catch {
        for particle in alive { await particle.episode.abandon() }
        throw error
      }
    } catch let failure as EpisodeFailure {
      root.addFailure(failure, seed: seed)
    }
    return root
  }

  private func open(_ sample: Sample, seed: Seed) async throws -> LiveEpisode {
    var episode = try await LiveEpisode(sample, in: environment, by: policy, seed: seed)
    do { try await episode.open() } catch {
      await episode.abandon()
      throw error
    }
    return episode
  }

  /// Plays one copy to its end. The copies that it is split into on the way are added to `alive`.
  private func follow(_ start: Particle, _ alive: inout [Particle], _ root: inout GrownRoot) async throws {
    var particle = start
    do {
      while true {
        let before = particle.episode.written
        let boundary = try await particle.episode.advance(stoppingAt: phrases(from: particle.level))
        root.tokens[particle.level] += particle.episode.written - before
        if case .end(let stop) = boundary { return try await finish(particle, stop, nil, &root) }
        let level = try await level(of: particle, at: boundary)
        if level > particle.level { alive += try await split(&particle, entering: level) }
      }
    } catch let failure as EpisodeFailure {
      try await finish(particle, .finished, failure, &root)
    } catch {
      await particle.episode.abandon()
      throw error
    }
  }

  /// Gives the particle its share of the weight, and returns the others.
  private func split(_ particle: inout Particle, entering level: Int) async throws -> [Particle] {
    let copies = factors[particle.level..<level].reduce(1, *)
    particle.level = level
    particle.logWeight -= log(Double(copies))
    var others: [Particle] = []
    do {
      for copy in 1..<max(copies, 1) {
        let seed = particle.seed["split", "\(level)"][copy]
        var other = particle
        other.episode = try await particle.episode.fork(seed: seed)
        other.seed = seed
        others.append(other)
      }
    } catch {
      for other in others { await other.episode.abandon() }
      guard let failure = error as? EpisodeFailure else { throw error }
      throw ExperimentError("An episode cannot be split: \(failure.message).")
    }
    return others
  }

  private func finish(
    _ last: Particle, _ stop: StopReason, _ failure: EpisodeFailure?, _ root: inout GrownRoot
  ) async throws {
    var particle = last
    var key = root.key
    key.sample += root.leaves.count
    guard root.leaves.count < Self.leavesPerRoot else {
      throw ExperimentError(
        "A root was split into more than \(Self.leavesPerRoot) episodes. Choose smaller --factors.")
    }
    let episode = try await particle.episode.finish(key, seed: particle.seed, stop: stop, failure: failure)
    if let outcome = episode.result.outcome {
      var facts = Set(outcome.facts.filter(\.value).keys.map { Episodes.Predicate(rawValue: $0) })
      if !episode.changes.isEmpty { facts.insert(.filesChanged) }
      particle.level = max(particle.level, reached(facts, episode.transcript))
    }
    root.add(episode, particle)
  }

  private func level(of particle: Particle, at boundary: EpisodeBoundary) async throws -> Int {
    let (level, transcript) = (particle.level, particle.episode.transcript)
    let asks = boundary == .output && milestones[level...].contains { $0.phrases.isEmpty }
    return max(level, reached(asks ? try await particle.episode.progress() : [], transcript))
  }

  /// How many milestones count as entered: all up to the last one that holds.
  private func reached(_ facts: Set<Episodes.Predicate>, _ transcript: Transcript) -> Int {
    let last = milestones.lastIndex {
      $0.phrases.isEmpty ? facts.contains($0.name) : transcript.says(anyOf: $0.phrases)
    }
    return last.map { $0 + 1 } ?? 0
  }

  private func phrases(from level: Int) -> [String] { milestones[level...].flatMap(\.phrases) }
}

/// One copy under way.
struct Particle: Sendable {
  var episode: LiveEpisode
  /// What it draws from since it was made.
  var seed: Seed
  /// How many milestones it has entered.
  var level = 0
  var logWeight = 0.0
}

/// All final episodes of a root. Their weights sum to 1.
package struct GrownRoot: Sendable {
  /// The key of the first final episode.
  package let key: EpisodeKey
  package private(set) var leaves: [(episode: Episode, logWeight: Double)] = []
  /// How many milestones each final episode entered, [leaves].
  package private(set) var levels: [Int] = []
  /// Tokens written before the first milestone was entered, between it and the next, ..., [milestones + 1].
  package internal(set) var tokens: [Int]
  /// The sum over final episodes of weight times length in tokens.
  package private(set) var plainTokens = 0.0

  init(key: EpisodeKey, milestones: Int) {
    self.key = key
    tokens = Array(repeating: 0, count: milestones + 1)
  }

  mutating func add(_ episode: Episode, _ particle: Particle) {
    leaves.append((episode, particle.logWeight))
    levels.append(particle.level)
    plainTokens += exp(particle.logWeight) * Double(particle.episode.written)
  }

  /// The root could not be started.
  mutating func addFailure(_ failure: EpisodeFailure, seed: Seed) {
    leaves.append((Episode(failed: failure, key: key, seed: seed), 0))
    levels.append(0)
  }
}
