/// The identity of an episode within a run: its key in the store and the name of its seed.
package struct EpisodeKey: Sendable, Codable, Hashable {
  /// The checkpoint that acted, for example `start` or `flattery`.
  package var checkpoint: String
  package var environment: String
  package var arm: Arm
  /// The purpose of the episode: `evaluation`, `gate`, or a training round such as `train-2`.
  package var purpose: String
  package var variant: Int
  /// The index among the episodes of this prompt.
  package var sample: Int

  package init(checkpoint: String, environment: String, arm: Arm, purpose: String, variant: Int, sample: Int) {
    self.checkpoint = checkpoint
    self.environment = environment
    self.arm = arm
    self.purpose = purpose
    self.variant = variant
    self.sample = sample
  }

  /// Returns the episode's own seed.
  package func seed(in run: Seed) -> Seed {
    run[checkpoint, environment, arm.rawValue, purpose][variant][sample]
  }
}

/// Why an episode ended without a failure.
package enum StopReason: String, Sendable, Codable, CaseIterable {
  case finished
  case policyTokenLimit = "policy_token_limit"
  case commandLimit = "command_limit"
  case contextFull = "context_full"
}

/// A failure and the boundary where it occurred. A failure is data: the store keeps the episode, and nothing retries it
/// silently.
package struct EpisodeFailure: Error, Sendable, Codable, Hashable {
  package enum Boundary: String, Sendable, Codable { case policy, sandbox, grader }

  package var boundary: Boundary
  package var message: String

  package init(boundary: Boundary, message: String) {
    self.boundary = boundary
    self.message = message
  }
}

/// The result of an episode: graded, or failed at a named boundary.
package enum EpisodeResult: Sendable, Codable, Hashable {
  case graded(Outcome, stop: StopReason)
  case failed(EpisodeFailure)

  package var outcome: Outcome? {
    if case .graded(let outcome, _) = self { outcome } else { nil }
  }
}

/// Wall-clock seconds spent in an episode. Comparisons between runs ignore them.
package struct EpisodeTimings: Sendable, Codable, Hashable {
  package var policySeconds: Double
  package var sandboxSeconds: Double
  package var gradingSeconds: Double

  package init(policySeconds: Double = 0, sandboxSeconds: Double = 0, gradingSeconds: Double = 0) {
    self.policySeconds = policySeconds
    self.sandboxSeconds = sandboxSeconds
    self.gradingSeconds = gradingSeconds
  }
}

/// One attempt at one prompt, as the store keeps it.
package struct Episode: Sendable, Codable, Hashable {
  package var key: EpisodeKey
  package var seed: Seed
  package var transcript: Transcript
  package var changes: [FileChange]
  package var result: EpisodeResult
  package var timings: EpisodeTimings
  /// What the policy's server counted; `nil` for policies in this process.
  package var usage: TokenUsage?

  package init(
    key: EpisodeKey, seed: Seed, transcript: Transcript, changes: [FileChange], result: EpisodeResult,
    timings: EpisodeTimings, usage: TokenUsage? = nil
  ) {
    self.key = key
    self.seed = seed
    self.transcript = transcript
    self.changes = changes
    self.result = result
    self.timings = timings
    self.usage = usage
  }

  /// An episode that failed before anything was said.
  package init(failed failure: EpisodeFailure, key: EpisodeKey, seed: Seed) {
    self.init(
      key: key, seed: seed, transcript: Transcript(), changes: [], result: .failed(failure), timings: EpisodeTimings())
  }
}
