/// Why a policy stopped writing.
package enum GenerationStop: Sendable, Codable, Hashable {
  /// The policy wrote one of the stop strings. The text ends with the stop string, even if the last token continues
  /// past it.
  case stopString
  /// The policy ended its turn (the stop token).
  case endOfTurn
  /// The policy reached the requested number of tokens.
  case tokenLimit
  /// The model's context is full.
  case contextFull
}

/// The output of one call to a policy.
package struct Generation: Sendable {
  package var text: String
  /// Sampled token ids, including the stop token; empty for policies that do not expose tokens.
  package var tokens: [Int32]
  /// The natural-log probability of each sampled token under the sampling distribution.
  package var logProbabilities: [Float]
  /// What the policy reads in place of the last token if something is injected next: the part of that token that is in
  /// the text. `nil`: the token itself.
  package var lastRead: [Int32]?
  /// Token ids of the text injected before this generation.
  package var injectedTokens: [Int32]
  package var stop: GenerationStop
  /// What a server counted; `nil` for policies in this process.
  package var usage: TokenUsage?

  package init(
    text: String, tokens: [Int32] = [], logProbabilities: [Float] = [], lastRead: [Int32]? = nil,
    injectedTokens: [Int32] = [], stop: GenerationStop, usage: TokenUsage? = nil
  ) {
    self.text = text
    self.tokens = tokens
    self.logProbabilities = logProbabilities
    self.lastRead = lastRead
    self.injectedTokens = injectedTokens
    self.stop = stop
    self.usage = usage
  }
}

/// A server generated an answer and withheld it. The episode fails at its policy; the server's token counts are kept.
package struct WithheldAnswer: Error, CustomStringConvertible, Sendable {
  package let description: String
  package let usage: TokenUsage?

  package init(_ description: String, usage: TokenUsage?) {
    self.description = description
    self.usage = usage
  }
}

/// A language model, or a substitute for one, that acts in episodes.
package protocol Policy: Sendable {
  var name: String { get }
  /// The prompt style that the policy reads.
  var promptStyle: PromptStyle { get }

  /// Starts one rollout. Every random draw of the rollout derives from `seed`, so the rollout does not depend on what
  /// else runs.
  func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession
}

/// One live rollout of a policy. The episode loop owns the session; it is not shared.
package protocol PolicySession: Sendable {
  /// The rendered prompt and its tokens.
  var prompt: Segment { get }

  /// Reads `injected` (tool output, or words from the experimenter), then writes until a stop string, the end of the
  /// turn or `maxTokens`.
  ///
  /// The text omits the part of the last token that follows a stop string. If nothing is injected, that part begins the
  /// next text. Otherwise neither the policy nor anybody else reads it.
  func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation

  /// Reads a further user message after the policy has ended its turn; the policy's next text answers the message.
  ///
  /// - Parameter opening: the start of the next answer, as in `Prompt`.
  /// - Returns: the message as the policy reads it, including role marks and opening, with its tokens; source `user`.
  /// - Throws: an error if the policy cannot carry on a dialogue, which is the default.
  func read(_ message: String, opening: String) async throws -> Segment

  /// Returns a second rollout with the same past, which continues with its own draws from `seed`. The original rollout
  /// continues unaffected. The caller must end both.
  ///
  /// - Throws: an error if the policy cannot clone its rollouts, which is the default.
  func fork(seed: Seed) async throws -> any PolicySession

  /// Frees the rollout's resources. Safe to call twice.
  func end() async
}

extension PolicySession {
  package func read(_ message: String, opening: String) async throws -> Segment {
    throw EpisodeFailure(
      boundary: .policy, message: "this policy cannot read a second message of the user; run it with one attempt")
  }

  package func fork(seed: Seed) async throws -> any PolicySession {
    throw EpisodeFailure(
      boundary: .policy,
      message: "this policy cannot be cloned in the middle of an episode: splitting needs a policy in this process")
  }
}
