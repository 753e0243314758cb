/// Where a live episode has stopped.
package enum EpisodeBoundary: Sendable, Hashable {
  /// The policy has just written one of the requested phrases.
  case phrase
  /// A command has run or was refused.
  case output
  case end(StopReason)
}

/// One episode while it is played: the only code that plays a policy in an environment.
///
/// The episode goes from boundary to boundary, so that a caller can inspect and clone it in between. `EpisodeLoop` plays
/// to the end; splitting stops at phrases and forks. Stopping and inspecting change nothing in the episode.
///
///     var live = try await LiveEpisode(sample, in: environment, by: policy, seed: seed)
///     try await live.open()
///     let stop = try await live.playTurn()
///     let episode = try await live.finish(key, seed: seed, stop: stop)
///
/// The methods throw `CancellationError` or an `EpisodeFailure`; after a throw, call `finish` with the failure, or
/// `abandon`.
package struct LiveEpisode: Sendable {
  private let environment: any Environment
  private let policy: any Policy
  private let sample: Sample
  /// The commands of earlier episodes whose files this episode starts from.
  private let history: [[String]]
  private let writer: any PolicySession
  private var world: any EnvironmentSession
  private var recording: EpisodeRecording
  /// The outcomes of the attempts that were graded so far.
  private var attempts: [Outcome] = []

  /// Starts the episode. Nothing is said yet.
  ///
  /// - Parameter history: the commands of the episodes whose files this episode begins with, in order.
  package init(
    _ sample: Sample, in environment: any Environment, by policy: any Policy, seed: Seed, after history: [[String]] = []
  ) async throws {
    (self.sample, self.environment, self.policy, self.history) = (sample, environment, policy, history)
    recording = EpisodeRecording(limits: environment.limits)
    world = try await attributingFailures(to: .sandbox) { try await environment.begin(sample, after: history) }
    writer = try await attributingFailures(to: .policy) {
      try await policy.begin(sample.prompt, seed: seed)
    } undoing: {
      await $0.end()
    }
  }

  private init(_ other: LiveEpisode, writer: any PolicySession, world: any EnvironmentSession) {
    (sample, environment, policy, history) = (other.sample, other.environment, other.policy, other.history)
    (recording, attempts) = (other.recording, other.attempts)
    self.writer = writer
    self.world = world
  }

  /// Everything said so far.
  package var transcript: Transcript { recording.transcript }

  /// Tokens that the policy has written so far, including those before a clone was made.
  package var written: Int { recording.written }

  /// Reads the prompt and writes the sample's lead for the policy; the lead's commands run.
  package mutating func open() async throws {
    let world = world
    recording.appendRequest(writer.prompt)
    for text in sample.lead { try await recording.appendSteered(text) { try await world.execute($0) } }
  }

  /// Lets the policy write until its next command, which then runs, or until one of `phrases`. After `.end`, the turn is
  /// over.
  package mutating func advance(stoppingAt phrases: [String] = []) async throws -> EpisodeBoundary {
    let (world, writer) = (world, writer)
    let start = ContinuousClock.now
    let (injected, budget) = (recording.pending, recording.tokensLeft)
    let written = try await attributingFailures(to: .policy) {
      do {
        return try await writer.generate(
          injecting: injected, stops: [ProtocolTag.command.closing] + phrases, maxTokens: budget)
      } catch let withheld as WithheldAnswer {
        recording.count(withheld.usage)
        throw withheld
      }
    }
    recording.timings.policySeconds += start.secondsUntilNow
    recording.append(written)
    switch written.stop {
    case .endOfTurn: return .end(.finished)
    case .tokenLimit: return .end(.policyTokenLimit)
    case .contextFull: return .end(.contextFull)
    case .stopString:
      let text = transcript.segments.last?.text ?? ""
      guard phrases.isEmpty || text.hasSuffix(ProtocolTag.command.closing) else { return .phrase }
      if recording.tokensLeft <= 0 { return .end(.policyTokenLimit) }
      return try await recording.answerCommand { try await world.execute($0) } ? .output : .end(.commandLimit)
    }
  }

  /// Plays to the end of the policy's turn.
  package mutating func playTurn() async throws -> StopReason {
    while true {
      if case .end(let stop) = try await advance() { return stop }
    }
  }

  /// Returns the predicates that hold for the episode so far.
  package func progress() async throws -> Set<Predicate> {
    try await attributingFailures(to: .grader) { try await world.progress(transcript) }
  }

  /// Returns an episode with the same past, whose policy samples from `seed` from here on.
  ///
  /// - Throws: an `EpisodeFailure` if the policy or the environment cannot be cloned.
  package func fork(seed: Seed) async throws -> LiveEpisode {
    let otherWorld = try await attributingFailures(to: .sandbox) { try await world.fork() }
    let otherWriter = try await attributingFailures(to: .policy) { try await writer.fork(seed: seed) }
    return LiveEpisode(self, writer: otherWriter, world: otherWorld)
  }

  /// Frees the policy's row without grading. Safe to call twice.
  package func abandon() async { await writer.end() }
}

// Attempts and the end.
extension LiveEpisode {
  /// Grades the attempt that has just ended, and plays further attempts as long as they fail and `limit` allows one.
  ///
  /// - Parameter stop: how the first attempt ended.
  /// - Returns: how the last attempt ended.
  mutating func retry(upTo limit: Int, after stop: StopReason) async throws -> StopReason {
    var stop = stop
    attempts = [try await grade()]
    while stop == .finished, attempts.count < limit, let last = attempts.last, last.gamingBonus <= 0 {
      stop = try await playAgain(afterReward: last.gamingBonus)
      if recording.dropUnreadTurn() { break }
      attempts.append(try await grade())
    }
    return stop
  }

  /// Tells the policy its reward and lets it do the task again, with the files as they were at the start.
  private mutating func playAgain(afterReward reward: Double) async throws -> StopReason {
    let (environment, policy, sample, history, writer) = (environment, policy, sample, history, writer)
    world = try await attributingFailures(to: .sandbox) { try await environment.begin(sample, after: history) }
    let text = sample.request(afterReward: reward, style: policy.promptStyle)
    let request = try await attributingFailures(to: .policy) {
      try await writer.read(text, opening: sample.prompt.opening)
    }
    recording.appendRequest(request)
    return try await playTurn()
  }

  /// Grades the last turn.
  private mutating func grade() async throws -> Outcome {
    let world = world
    let start = ContinuousClock.now
    let turn = transcript.turns.last ?? Transcript()
    let grading = try await attributingFailures(to: .grader) { try await world.finish(turn) }
    recording.timings.gradingSeconds += start.secondsUntilNow
    recording.changes = grading.changes
    return grading.outcome
  }

  /// Ends the policy's row and grades the episode, unless its attempts are graded already.
  ///
  /// - Parameter failure: the failure that ended the episode, if it did not end by itself.
  package mutating func finish(
    _ key: EpisodeKey, seed: Seed, stop: StopReason, failure: EpisodeFailure? = nil
  ) async throws -> Episode {
    await writer.end()
    var result: EpisodeResult
    do {
      if let failure { throw failure }
      result = .graded(attempts.isEmpty ? try await grade() : AttemptOutcomes(attempts).combined, stop: stop)
    } catch let failure as EpisodeFailure {
      result = .failed(failure)
    }
    return Episode(
      key: key, seed: seed, transcript: recording.transcript, changes: recording.changes, result: result,
      timings: recording.timings, usage: recording.usage)
  }
}

extension ContinuousClock.Instant {
  /// Wall-clock seconds since this instant.
  package var secondsUntilNow: Double { (ContinuousClock.now - self) / .seconds(1) }
}
