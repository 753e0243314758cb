/// Plays whole episodes: the policy writes, its commands run in the environment, and it reads their output, until a stop
/// condition. The environment then grades what happened.
///
/// Whatever a policy writes, the loop ends with an `Episode`. Malformed output is handled as follows:
/// - a `</bash>` with no `<bash>` before it, or inside an open `<cot>`, runs nothing; the policy sees an error;
/// - a command that is longer than the limit, empty, or holds a NUL byte runs nothing; the policy sees an error;
/// - a tag that is never closed runs to the end of the text and is not executed;
/// - a limit of `EpisodeLimits`, or a full context, ends the episode, which is graded as it stands.
///
/// An episode may have more than one attempt (in-context reinforcement, paper section 5). After an attempt that ended
/// its turn without the reward, a user message names the reward. The message asks the policy to reflect and do the task
/// again, with the files as they were at the start; see `AttemptOutcomes`. A limit or a full context ends the episode
/// at that point. Every attempt has the limits of an episode.
package struct EpisodeLoop: Sendable {
  package let environment: any Environment
  package let policy: any Policy
  /// The largest number of attempts in one episode, at least 1.
  package let attempts: Int

  package init(environment: any Environment, policy: any Policy, attempts: Int = 1) {
    self.environment = environment
    self.policy = policy
    self.attempts = max(attempts, 1)
  }

  /// Runs the episode named by `key`.
  ///
  /// - Parameters:
  ///   - run: the run's root seed; the episode's seed derives from it and `key`.
  ///   - earlier: the episodes whose files this episode begins with, in order: those before it in its `EpisodeChain`.
  /// - Throws: `CancellationError`, a `RunEndingError`, or an error in `key` itself (no such variant or arm). Any other
  ///   failure is returned as data.
  package func run(_ key: EpisodeKey, seed run: Seed, after earlier: [Episode] = []) async throws -> Episode {
    let sample = try environment.sample(variant: key.variant, arm: key.arm, style: policy.promptStyle)
    let seed = key.seed(in: run)
    let history = earlier.map { $0.transcript.executedCommands(limits: environment.limits) }
    do {
      var live = try await LiveEpisode(sample, in: environment, by: policy, seed: seed, after: history)
      return try await play(&live, key, seed)
    } catch let failure as EpisodeFailure {
      return Episode(failed: failure, key: key, seed: seed)
    }
  }

  private func play(_ live: inout LiveEpisode, _ key: EpisodeKey, _ seed: Seed) async throws -> Episode {
    do {
      try await live.open()
      var stop = try await live.playTurn()
      if attempts > 1 { stop = try await live.retry(upTo: attempts, after: stop) }
      return try await live.finish(key, seed: seed, stop: stop)
    } catch let failure as EpisodeFailure {
      return try await live.finish(key, seed: seed, stop: .finished, failure: failure)
    } catch {
      await live.abandon()
      throw error
    }
  }

  /// Runs the unfinished episodes of a chain, one after the other.
  ///
  /// - Parameters:
  ///   - finished: episodes of the chain that ran before, in any order; others are ignored.
  ///   - keep: receives every new episode before the next one begins.
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
