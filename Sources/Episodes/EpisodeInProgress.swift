/// An episode that runs from boundary to boundary, so that a caller can inspect and clone it in between.
///
/// Played to its end, the episode equals the one that `EpisodeLoop` would have played with one attempt. Stopping at
/// phrases and inspecting the episode change nothing.
package struct EpisodeInProgress: Sendable {
  private let limits: EpisodeLimits
  private let writer: any PolicySession
  private let world: any EnvironmentSession
  private var recording: EpisodeRecording

  /// Starts the episode; afterwards the prompt and the words put into the policy's mouth have been read.
  ///
  /// - Throws: `CancellationError`, an error in `sample`, or an `EpisodeFailure`.
  package init(
    _ sample: Sample, in environment: any Environment, by policy: any Policy, seed: Seed
  ) async throws {
    limits = environment.limits
    recording = EpisodeRecording(limits: limits)
    world = try await crossing(.sandbox) { try await environment.begin(sample) }
    let writer = try await crossing(.policy) {
      try await policy.begin(sample.prompt, seed: seed)
    } undoing: {
      await $0.end()
    }
    self.writer = writer
    do {
      try await recording.open(sample, writer, world)
    } catch {
      await writer.end()
      throw error
    }
  }

  private init(_ other: EpisodeInProgress, writer: any PolicySession, world: any EnvironmentSession) {
    limits = other.limits
    recording = other.recording
    self.writer = writer
    self.world = world
  }

  /// Everything said so far.
  package var transcript: Transcript { recording.transcript }

  /// Tokens that the policy has written so far, including those before a clone was made.
  package var written: Int { recording.written }

  /// Plays to the next boundary. After `.end`, call only `finish`.
  ///
  /// - Throws: `CancellationError` or an `EpisodeFailure`.
  package mutating func advance(stoppingAt phrases: [String]) async throws -> EpisodeBoundary {
    try await recording.advance(writer, world, stoppingAt: phrases)
  }

  /// Returns the predicates that hold for the episode so far.
  package func progress() async throws -> Set<Predicate> {
    try await crossing(.grader) { try await world.progress(transcript) }
  }

  /// Returns an episode with the same past, whose policy samples from `seed` from here on.
  ///
  /// - Throws: an `EpisodeFailure` if the policy or the environment cannot be cloned.
  package func fork(seed: Seed) async throws -> EpisodeInProgress {
    let otherWorld = try await crossing(.sandbox) { try await world.fork() }
    let otherWriter = try await crossing(.policy) { try await writer.fork(seed: seed) }
    return EpisodeInProgress(self, writer: otherWriter, world: otherWorld)
  }

  /// Grades the episode and frees its resources.
  ///
  /// - Parameter failure: the failure that ended the episode, if it did not end by itself.
  package mutating func finish(
    _ key: EpisodeKey, seed: Seed, stop: StopReason, failure: EpisodeFailure? = nil
  ) async throws -> Episode {
    await writer.end()
    var result = failure.map(EpisodeResult.failed)
    if result == nil {
      do {
        result = .graded(try await recording.grade(world), stop: stop)
      } catch let failure as EpisodeFailure {
        result = .failed(failure)
      }
    }
    return Episode(
      key: key, seed: seed, transcript: recording.transcript, changes: recording.changes,
      result: result ?? .failed(EpisodeFailure(boundary: .grader, message: "not graded")), timings: recording.timings)
  }

  /// Frees the episode's resources without grading. Safe to call twice.
  package func abandon() async { await writer.end() }
}
