/// Runs one episode: the policy writes, its commands run in the environment, and it reads their output, until a stop
/// condition. The environment then grades what happened.
///
/// Whatever a policy writes, the loop ends with an `Episode`. The loop handles malformed output as follows:
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
  /// - Throws: `CancellationError`, or an error in `key` itself (no such variant or arm). Any other failure is returned
  ///   as data.
  package func run(_ key: EpisodeKey, seed run: Seed, after earlier: [Episode] = []) async throws -> Episode {
    let sample = try environment.sample(variant: key.variant, arm: key.arm, style: policy.promptStyle)
    let seed = key.seed(in: run)
    let history = earlier.map { $0.transcript.executedCommands(limits: environment.limits) }
    var recording = EpisodeRecording(limits: environment.limits)
    let result: EpisodeResult
    do {
      result = try await play(sample, seed: seed, after: history, &recording)
    } catch let failure as EpisodeFailure {
      result = .failed(failure)
    }
    return Episode(
      key: key, seed: seed, transcript: recording.transcript, changes: recording.changes, result: result,
      timings: recording.timings)
  }

  private func play(
    _ sample: Sample, seed: Seed, after history: [[String]], _ recording: inout EpisodeRecording
  ) async throws -> EpisodeResult {
    let world = try await begin(sample, after: history)
    let writer = try await crossing(.policy) {
      try await policy.begin(sample.prompt, seed: seed)
    } undoing: {
      await $0.end()
    }
    do {
      try await recording.open(sample, writer, world)
      var stop = try await converse(writer, world, &recording)
      if attempts == 1 { await writer.end() }
      var outcomes = AttemptOutcomes(first: try await recording.grade(world))
      while stop == .finished, outcomes.count < attempts, outcomes.last.gamingBonus <= 0 {
        let next = try await begin(sample, after: history)
        stop = try await retry(sample, afterReward: outcomes.last.gamingBonus, writer, next, &recording)
        if recording.dropUnreadTurn() { break }
        outcomes.append(try await recording.grade(next))
      }
      await writer.end()
      return .graded(attempts == 1 ? outcomes.last : outcomes.combined, stop: stop)
    } catch {
      await writer.end()
      throw error
    }
  }

  private func begin(_ sample: Sample, after history: [[String]]) async throws -> any EnvironmentSession {
    try await crossing(.sandbox) { try await environment.begin(sample, after: history) }
  }

  /// Tells the policy its reward and lets the policy do the task again.
  private func retry(
    _ sample: Sample, afterReward reward: Double, _ writer: any PolicySession, _ world: any EnvironmentSession,
    _ recording: inout EpisodeRecording
  ) async throws -> StopReason {
    let text = sample.request(afterReward: reward, style: policy.promptStyle)
    let request = try await crossing(.policy) { try await writer.read(text, opening: sample.prompt.opening) }
    recording.hear(request)
    return try await converse(writer, world, &recording)
  }

  private func converse(
    _ writer: any PolicySession, _ world: any EnvironmentSession, _ recording: inout EpisodeRecording
  ) async throws -> StopReason {
    while true {
      if case .end(let stop) = try await recording.advance(writer, world) { return stop }
    }
  }
}

extension ContinuousClock.Instant {
  /// Wall-clock seconds since this instant.
  package var secondsUntilNow: Double { (ContinuousClock.now - self) / .seconds(1) }
}
