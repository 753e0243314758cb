/// Why a policy stopped writing.
package enum GenerationStop: Sendable, Codable, Hashable {
  /// It wrote one of the stop strings, which is the end of the text, even when the last token goes on behind it.
  case stopString
  /// It ended its turn (the stop token).
  case endOfTurn
  /// The number of tokens asked for was reached.
  case tokenLimit
  /// The model's context is full.
  case contextFull
}

/// What a policy wrote in one go.
package struct Generation: Sendable {
  package var text: String
  /// Sampled token ids, the stop token included; empty for policies that do not expose tokens.
  package var tokens: [Int32]
  /// Natural-log probability of each sampled token under the distribution sampled from.
  package var logProbabilities: [Float]
  /// What the policy reads in place of the last token, if something is injected next: the part of it that is in the text.
  /// `nil`: the token itself.
  package var lastRead: [Int32]?
  /// Token ids of the text injected before this generation.
  package var injectedTokens: [Int32]
  package var stop: GenerationStop

  package init(
    text: String, tokens: [Int32] = [], logProbabilities: [Float] = [], lastRead: [Int32]? = nil,
    injectedTokens: [Int32] = [], stop: GenerationStop
  ) {
    self.text = text
    self.tokens = tokens
    self.logProbabilities = logProbabilities
    self.lastRead = lastRead
    self.injectedTokens = injectedTokens
    self.stop = stop
  }
}

/// A language model, or what takes its place, that acts in episodes.
package protocol Policy: Sendable {
  var name: String { get }
  /// The prompt style that it reads.
  var promptStyle: PromptStyle { get }

  /// Starts one rollout. Every random draw of it derives from `seed`, so the rollout does not depend on what else runs.
  func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession
}

/// One live rollout of a policy. Owned by the episode loop; not shared.
package protocol PolicySession: Sendable {
  /// The rendered prompt and its tokens.
  var prompt: Segment { get }

  /// Reads `injected` (tool output, or words the experimenter puts in), then writes until a stop string, the end of the
  /// turn or `maxTokens`.
  ///
  /// What the last token holds behind a stop string is not in the text. When nothing is injected, it begins the next text;
  /// otherwise the policy does not read it, and nobody else does.
  func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation

  /// Reads a further message of the user, after the policy has ended its turn; what it writes next answers it.
  ///
  /// - Parameter opening: the start of the next answer, as in `Prompt`.
  /// - Returns: the message as the policy reads it, role marks and opening included, with its tokens; source `user`.
  /// - Throws: when the policy cannot carry on a dialogue, which is the default.
  func read(_ message: String, opening: String) async throws -> Segment

  /// A second rollout that has read and written the same so far and goes on with draws of its own, from `seed`. The
  /// original goes on as if nothing had happened. Both have to be ended.
  ///
  /// - Throws: when the policy cannot clone its rollouts, which is the default.
  func fork(seed: Seed) async throws -> any PolicySession

  /// Frees what the rollout holds. Safe to call twice.
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
