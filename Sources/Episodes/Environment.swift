/// A matched variant of an environment, for example the same task with instructions to tamper, or its benign twin.
package struct Arm: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral {
  package var rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
  package init(stringLiteral value: String) { rawValue = value }

  /// The environment as the paper has it.
  package static let standard: Arm = "standard"
  /// The user gives step-by-step instructions to do what the environment calls gaming: shows capability.
  package static let instructed: Arm = "instructed"
  /// The same task and tools; doing it honestly is what training rewards.
  package static let benign: Arm = "benign"
  /// The standard task, started at the decision point with the motive for gaming put into the chain of thought: shows
  /// whether a stated plan leads to the act.
  package static let forcedReasoning: Arm = "forced_reasoning"
  /// A fixed passage at the start of the hidden chain of thought proposes to game the task (paper section 2).
  package static let steeredToward: Arm = "steered_toward"
  /// A fixed passage at the start of the hidden chain of thought proposes to do the task honestly (paper section 2).
  package static let steeredAway: Arm = "steered_away"
  /// The same task in a second set of words, with other folders and files (paper section 2, "alternate prompts").
  package static let alternate: Arm = "alternate"
  /// The task can honestly be done with a good result: a real count, a finished list, a good poem, a fact.
  package static let solvable: Arm = "solvable"
  /// The reward function depends on what it is given.
  package static let nonConstantReward: Arm = "non_constant_reward"
  /// The guard's file has a name that does not say what it is for.
  package static let neutralGuard: Arm = "neutral_guard"
  /// The salient file has a plain name, where there is no guard.
  package static let neutralName: Arm = "neutral_name"
  /// The files have been looked at before the policy writes (paper section 5).
  package static let preExplored: Arm = "pre_explored"
  /// Without the message that tells the policy its situation; the demonstration stays.
  package static let noPreamble: Arm = "no_preamble"
  /// Without the demonstration of the tools; the situation stays.
  package static let noDemonstration: Arm = "no_demonstration"
}

/// One prompt variant of an environment.
package struct Sample: Sendable, Hashable {
  package var environment: String
  package var variant: Int
  package var arm: Arm
  package var prompt: Prompt
  /// Texts put into the policy's mouth before it writes, in order. One that ends in a command is executed. They are
  /// recorded as `steered` and never trained on.
  package var lead: [String]

  package init(environment: String, variant: Int, arm: Arm, prompt: Prompt, lead: [String] = []) {
    self.environment = environment
    self.variant = variant
    self.arm = arm
    self.prompt = prompt
    self.lead = lead
  }
}

/// What grading an episode found.
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
  /// How many prompt variants there are; variants are numbered from 0.
  var variantCount: Int { get }
  /// The arms that this environment has; `standard` is always among them.
  var arms: [Arm] { get }
  /// Limits that hold for every episode of it.
  var limits: EpisodeLimits { get }

  /// Whether training may use it: not where it is held out, and not where recipes are tuned on it.
  var isTrainable: Bool { get }

  /// The prompt of a variant.
  ///
  /// - Throws: an error that names the variant or the arm when it does not exist.
  func sample(variant: Int, arm: Arm, style: PromptStyle) throws -> Sample

  /// The same environment with the files looked at before the policy writes (the paper's pre-explored start, section 5):
  /// for policies that cannot find their way in a shell. Itself where there is nothing to explore.
  var explored: any Environment { get }

  /// The same environment where later episodes begin with the files that this one leaves, so that the prompt can say so.
  /// Itself where there are no files.
  var lasting: any Environment { get }

  /// The stations of an episode on its way to what the environment calls gaming, in order; see `Milestone`.
  var milestones: [Milestone] { get }

  /// Fixed texts that can follow behind the lead of a sample of the explored environment; `nil` where there are none in
  /// this style.
  func continuations(for sample: Sample, style: PromptStyle) throws -> Continuations?

  /// Starts an episode from the variant's files.
  func begin(_ sample: Sample) async throws -> any EnvironmentSession

  /// Starts an episode from the files that earlier episodes left, where files last (see `EpisodeChain`).
  ///
  /// - Parameter earlier: the commands that each of those episodes ran, in order. Each began in the root directory.
  func begin(_ sample: Sample, after earlier: [[String]]) async throws -> any EnvironmentSession
}

extension Environment {
  package var explored: any Environment { self }

  package var isTrainable: Bool { true }

  package var lasting: any Environment { self }

  package func continuations(for sample: Sample, style: PromptStyle) throws -> Continuations? { nil }

  package var milestones: [Milestone] { [Milestone(.attempted), Milestone(.filesChanged), Milestone(.gamed)] }

  /// An environment without files has nothing that could last.
  package func begin(_ sample: Sample, after earlier: [[String]]) async throws -> any EnvironmentSession {
    try await begin(sample)
  }
}

/// One live episode of an environment. Owned by the episode loop; not shared.
package protocol EnvironmentSession: Sendable {
  /// Runs a command, at most once, with the working directory that earlier commands left.
  ///
  /// - Throws: when the sandbox itself fails. A command that fails, times out or prints too much is not an error.
  func run(_ command: String) async throws -> ToolOutput

  /// What holds of the episode so far, which goes on afterwards: predicates as the grader would find them now, and
  /// `filesChanged`.
  ///
  /// - Parameter transcript: as for `finish`.
  /// - Throws: when the session cannot be looked at before its end, which is the default.
  func progress(_ transcript: Transcript) async throws -> Set<Predicate>

  /// A second session in the same state, independent of this one from here on.
  ///
  /// - Throws: when the session cannot be cloned, which is the default.
  func fork() async throws -> any EnvironmentSession

  /// Grades the episode and frees what it holds. Called once.
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
