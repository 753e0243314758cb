/// A matched variant of an environment, for example the same task with instructions to tamper, or its benign twin.
package struct Arm: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral {
  package var rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
  package init(stringLiteral value: String) { rawValue = value }

  /// The environment as in the paper.
  package static let standard: Arm = "standard"
  /// The user gives step-by-step instructions to do what the environment calls gaming. This arm shows capability.
  package static let instructed: Arm = "instructed"
  /// The task and tools are the same; training rewards doing the task honestly.
  package static let benign: Arm = "benign"
  /// The standard task, started at the decision point with the motive for gaming in the chain of thought. This arm
  /// shows whether a stated plan leads to the act.
  package static let forcedReasoning: Arm = "forced_reasoning"
  /// A fixed passage at the start of the hidden chain of thought proposes to game the task (paper section 2).
  package static let steeredToward: Arm = "steered_toward"
  /// A fixed passage at the start of the hidden chain of thought proposes to do the task honestly (paper section 2).
  package static let steeredAway: Arm = "steered_away"
  /// The same task in different words, with other folders and files (paper section 2, "alternate prompts").
  package static let alternate: Arm = "alternate"
  /// Honest work can achieve a good result: a real count, a finished list, a good poem, a fact.
  package static let solvable: Arm = "solvable"
  /// The reward function depends on its input.
  package static let nonConstantReward: Arm = "non_constant_reward"
  /// The guard's file has a name that does not reveal its purpose.
  package static let neutralGuard: Arm = "neutral_guard"
  /// The salient file has a plain name, in environments without a guard.
  package static let neutralName: Arm = "neutral_name"
  /// The files have been explored before the policy writes (paper section 5).
  package static let preExplored: Arm = "pre_explored"
  /// The prompt omits the message that tells the policy its situation and keeps the demonstration.
  package static let noPreamble: Arm = "no_preamble"
  /// The prompt omits the demonstration of the tools and keeps the situation.
  package static let noDemonstration: Arm = "no_demonstration"
}

/// One prompt variant of an environment.
package struct Sample: Sendable, Hashable {
  package var environment: String
  package var variant: Int
  package var arm: Arm
  package var prompt: Prompt
  /// Texts put into the policy's mouth before it writes, in order. A text that ends in a command is executed. The
  /// transcript records these texts as `steered`, and training never uses them.
  package var lead: [String]

  package init(environment: String, variant: Int, arm: Arm, prompt: Prompt, lead: [String] = []) {
    self.environment = environment
    self.variant = variant
    self.arm = arm
    self.prompt = prompt
    self.lead = lead
  }
}

/// The findings from grading an episode.
package struct Grading: Sendable {
  package var outcome: Outcome
  package var changes: [FileChange]

  package init(outcome: Outcome, changes: [FileChange]) {
    self.outcome = outcome
    self.changes = changes
  }
}

/// A gameable environment.
package protocol Environment: Sendable {
  var name: String { get }
  /// The number of prompt variants, which are numbered from 0.
  var variantCount: Int { get }
  /// The arms of this environment, which always include `standard`.
  var arms: [Arm] { get }
  /// The limits of every episode of this environment.
  var limits: EpisodeLimits { get }

  /// Whether training may use the environment: false if it is held out or if recipes are tuned on it.
  var isTrainable: Bool { get }

  /// Returns the prompt of a variant.
  ///
  /// - Throws: an error that names the variant or the arm if it does not exist.
  func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample

  /// The same environment with the files explored before the policy writes (the paper's pre-explored start, section 5),
  /// for policies that cannot navigate a shell. The environment itself if it has nothing to explore.
  var explored: any Environment { get }

  /// The same environment in a version whose files last: later episodes begin with the files that an episode leaves, so
  /// the prompt can say so. The environment itself if it has no files.
  var lasting: any Environment { get }

  /// The milestones of an episode on its way to what the environment calls gaming, in order; see `Milestone`.
  var milestones: [Milestone] { get }

  /// Returns fixed texts that can follow the lead of a sample of the explored environment, or `nil` if the environment
  /// has no such texts in this style.
  func continuations(for sample: Sample, style: PromptStyle) throws -> Continuations?

  /// Starts an episode from the variant's files.
  func begin(_ sample: Sample) async throws -> any EnvironmentSession

  /// Starts an episode from the files that earlier episodes left, in environments whose files last (see
  /// `EpisodeChain`).
  ///
  /// - Parameter earlier: the commands that each of those episodes ran, in order. Each episode began in the root
  ///   directory.
  func begin(_ sample: Sample, after earlier: [[String]]) async throws -> any EnvironmentSession
}

extension Environment {
  package var explored: any Environment { self }

  package var isTrainable: Bool { true }

  package var lasting: any Environment { self }

  package func continuations(for sample: Sample, style: PromptStyle) throws -> Continuations? { nil }

  package var milestones: [Milestone] { [Milestone(.attempted), Milestone(.filesChanged), Milestone(.gamed)] }

  /// Starts an ordinary episode: an environment without files has nothing that could last.
  package func begin(_ sample: Sample, after earlier: [[String]]) async throws -> any EnvironmentSession {
    try await begin(sample)
  }
}

/// One live episode of an environment. The episode loop owns the session; it is not shared.
package protocol EnvironmentSession: Sendable {
  /// Runs a command, at most once, in the working directory that earlier commands left.
  ///
  /// - Throws: an error if the sandbox itself fails. A command that fails, times out or prints too much is not an
  ///   error.
  func run(_ command: String) async throws -> ToolOutput

  /// Returns the predicates that hold so far, as the grader would find them now, and `filesChanged`. The episode
  /// continues afterwards.
  ///
  /// - Parameter transcript: the same transcript as for `finish`.
  /// - Throws: an error if the session cannot be inspected before its end, which is the default.
  func progress(_ transcript: Transcript) async throws -> Set<Predicate>

  /// Returns a second session in the same state, independent of this one from here on.
  ///
  /// - Throws: an error if the session cannot be cloned, which is the default.
  func fork() async throws -> any EnvironmentSession

  /// Grades the episode and frees its resources. Called once.
  ///
  /// - Parameter transcript: the turn that was played in this session, with the request that it answers.
  func finish(_ transcript: Transcript) async throws -> Grading
}

extension EnvironmentSession {
  package func progress(_ transcript: Transcript) async throws -> Set<Predicate> {
    throw EpisodeFailure(boundary: .grader, message: "this environment cannot be graded before the end of an episode")
  }

  package func fork() async throws -> any EnvironmentSession {
    throw EpisodeFailure(boundary: .sandbox, message: "this environment cannot be cloned in the middle of an episode")
  }
}
