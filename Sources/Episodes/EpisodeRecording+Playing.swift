/// Where an episode in progress has stopped.
package enum EpisodeBoundary: Sendable, Hashable {
  /// The policy has just written one of the requested phrases.
  case phrase
  /// A command has run or was refused.
  case output
  case end(StopReason)
}

extension EpisodeRecording {
  /// Reads the prompt and puts the sample's lead into the policy's mouth.
  mutating func open(_ sample: Sample, _ writer: any PolicySession, _ world: any EnvironmentSession) async throws {
    hear(writer.prompt)
    for text in sample.lead { try await put(text) { try await world.running($0) } }
  }

  /// Lets the policy write until its next command, which then runs, or until one of `phrases`.
  mutating func advance(
    _ writer: any PolicySession, _ world: any EnvironmentSession, stoppingAt phrases: [String] = []
  ) async throws -> EpisodeBoundary {
    let start = ContinuousClock.now
    let (injected, budget) = (pending, tokensLeft)
    let written = try await crossing(.policy) {
      try await writer.generate(
        injecting: injected, stops: [ProtocolTag.command.closing] + phrases, maxTokens: budget)
    }
    timings.policySeconds += start.secondsUntilNow
    record(written)
    switch written.stop {
    case .endOfTurn: return .end(.finished)
    case .tokenLimit: return .end(.policyTokenLimit)
    case .contextFull: return .end(.contextFull)
    case .stopString:
      let text = transcript.segments.last?.text ?? ""
      guard phrases.isEmpty || text.hasSuffix(ProtocolTag.command.closing) else { return .phrase }
      if tokensLeft <= 0 { return .end(.policyTokenLimit) }
      return try await answerCommand { try await world.running($0) } ? .output : .end(.commandLimit)
    }
  }

  /// Grades the last turn.
  mutating func grade(_ world: any EnvironmentSession) async throws -> Outcome {
    let start = ContinuousClock.now
    let turn = transcript.turns.last ?? Transcript()
    let grading = try await crossing(.grader) { try await world.finish(turn) }
    timings.gradingSeconds += start.secondsUntilNow
    changes = grading.changes
    return grading.outcome
  }
}

extension EnvironmentSession {
  fileprivate func running(_ command: String) async throws -> ToolOutput {
    try await crossing(.sandbox) { try await run(command) }
  }
}

/// Runs `work` and turns an error into a failure with a named boundary. No other function does so.
///
/// Once the task is cancelled, the function throws a `CancellationError` instead, whatever the result of `work`. A
/// failure then occurs because a row or a box was taken away, and a success may have been cut short. Neither belongs in
/// an episode.
///
/// - Parameter undoing: releases what `work` acquired if nobody will receive it: a session whose place others wait for.
func crossing<Value: Sendable>(
  _ boundary: EpisodeFailure.Boundary, _ work: () async throws -> Value, undoing: (Value) async -> Void = { _ in }
) async throws -> Value {
  do {
    let value = try await work()
    if Task.isCancelled {
      await undoing(value)
      throw CancellationError()
    }
    return value
  } catch let error as CancellationError {
    throw error
  } catch {
    try Task.checkCancellation()
    throw error as? EpisodeFailure ?? EpisodeFailure(boundary: boundary, message: String(describing: error))
  }
}
