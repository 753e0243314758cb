/// An error that would affect every episode: a rejected key, an unreachable server, a spent budget. It ends the run, which
/// can be resumed, and is not stored as an episode's failure.
package protocol RunEndingError: Error {}

/// Runs `work` and turns an error into a failure with a named boundary. No other function does so.
///
/// Once the task is cancelled, the function throws a `CancellationError` instead, whatever the result of `work`. A
/// failure then occurs because a row or a box was taken away, and a success may have been cut short. Neither belongs in
/// an episode.
///
/// - Parameter undoing: releases what `work` acquired if nobody will receive it: a session whose place others wait for.
func attributingFailures<Value: Sendable>(
  to boundary: EpisodeFailure.Boundary, _ work: () async throws -> Value,
  undoing: (Value) async -> Void = { _ in }
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
  } catch let error as any RunEndingError {
    throw error
  } catch {
    try Task.checkCancellation()
    throw error as? EpisodeFailure ?? EpisodeFailure(boundary: boundary, message: String(describing: error))
  }
}

extension EnvironmentSession {
  /// Runs a command; an error is a failure of the sandbox.
  func execute(_ command: String) async throws -> ToolOutput {
    try await attributingFailures(to: .sandbox) { try await run(command) }
  }
}
