/// Runs one episode: the policy writes, its commands run in the environment, their output goes back to it, until a stop
/// condition; then the environment grades what happened.
///
/// Whatever a policy writes, the loop ends with an `Episode`. Malformed output is handled like this:
/// - a `</bash>` with no `<bash>` before it, or inside an open `<cot>`, runs nothing; the policy sees an error;
/// - a command that is longer than the limit, empty, or holds a NUL byte runs nothing; the policy sees an error;
/// - a tag that is never closed runs to the end of the text and is not executed;
/// - reaching a limit of `EpisodeLimits`, or a full context, ends the episode and it is graded as it stands.
package struct EpisodeLoop: Sendable {
  package let environment: any Environment
  package let policy: any Policy

  package init(environment: any Environment, policy: any Policy) {
    self.environment = environment
    self.policy = policy
  }

  /// Runs the episode named by `key`.
  ///
  /// - Parameter run: the run's root seed; the episode's seed derives from it and `key`.
  /// - Throws: `CancellationError`, or an error in `key` itself (no such variant or arm). Any other failure is returned as data.
  package func run(_ key: EpisodeKey, seed run: Seed) async throws -> Episode {
    let sample = try environment.sample(variant: key.variant, arm: key.arm, style: policy.promptStyle)
    let seed = key.seed(in: run)
    var attempt = Attempt(limits: environment.limits)
    let result: EpisodeResult
    do {
      result = try await play(sample, seed: seed, attempt: &attempt)
    } catch let failure as EpisodeFailure {
      result = .failed(failure)
    }
    return Episode(
      key: key, seed: seed, transcript: attempt.transcript, changes: attempt.changes, result: result,
      timings: attempt.timings)
  }

  private func play(_ sample: Sample, seed: Seed, attempt: inout Attempt) async throws -> EpisodeResult {
    let world = try await crossing(.sandbox) { try await environment.begin(sample) }
    let writer = try await crossing(.policy) { try await policy.begin(sample.prompt, seed: seed) }
    do {
      attempt.transcript.segments.append(writer.prompt)
      for text in sample.lead { try await attempt.put(text, into: world) }
      let stop = try await converse(writer, world, attempt: &attempt)
      await writer.end()
      let start = ContinuousClock.now
      let transcript = attempt.transcript
      let grading = try await crossing(.grader) { try await world.finish(transcript) }
      attempt.timings.gradingSeconds += start.secondsUntilNow
      attempt.changes = grading.changes
      return .graded(grading.outcome, stop: stop)
    } catch {
      await writer.end()
      throw error
    }
  }

  private func converse(
    _ writer: any PolicySession, _ world: any EnvironmentSession, attempt: inout Attempt
  ) async throws -> StopReason {
    while true {
      let start = ContinuousClock.now
      let (injected, budget) = (attempt.pending, attempt.tokensLeft)
      let written = try await crossing(.policy) {
        try await writer.generate(injecting: injected, stops: [ProtocolTag.command.closing], maxTokens: budget)
      }
      attempt.timings.policySeconds += start.secondsUntilNow
      attempt.record(written)
      switch written.stop {
      case .endOfTurn: return .finished
      case .tokenLimit: return .policyTokenLimit
      case .contextFull: return .contextFull
      case .stopString:
        if attempt.tokensLeft <= 0 { return .policyTokenLimit }
        guard try await attempt.answerCommand(in: world) else { return .commandLimit }
      }
    }
  }
}

extension ContinuousClock.Instant {
  /// Wall-clock seconds since this instant.
  package var secondsUntilNow: Double { (ContinuousClock.now - self) / .seconds(1) }
}

/// The one place where an error becomes a failure with a named boundary. Cancellation passes through.
private func crossing<Value: Sendable>(
  _ boundary: EpisodeFailure.Boundary, _ work: () async throws -> Value
) async throws -> Value {
  do {
    return try await work()
  } catch let error as CancellationError {
    throw error
  } catch let failure as EpisodeFailure {
    throw failure
  } catch {
    throw EpisodeFailure(boundary: boundary, message: String(describing: error))
  }
}

extension EpisodeLoop {
  /// Runs a command on behalf of an attempt, with failures named as the sandbox's.
  fileprivate static func run(_ command: String, in world: any EnvironmentSession) async throws -> ToolOutput {
    try await crossing(.sandbox) { try await world.run(command) }
  }
}

/// The growing record of one episode.
private struct Attempt {
  let limits: EpisodeLimits
  var transcript = Transcript()
  var changes: [FileChange] = []
  var timings = EpisodeTimings()
  /// Text that the policy has not read yet.
  var pending = ""
  var tokensLeft: Int
  var commandsLeft: Int

  init(limits: EpisodeLimits) {
    self.limits = limits
    tokensLeft = limits.policyTokens
    commandsLeft = limits.commands
  }

  /// Adds what the policy read (as the segments that `pending` was made of already stand, only their tokens) and wrote.
  mutating func record(_ written: Generation) {
    if let last = transcript.segments.indices.last, !pending.isEmpty {
      transcript.segments[last].tokens = written.injectedTokens
    }
    pending = ""
    tokensLeft -= max(written.tokens.count, 1)
    transcript.segments.append(
      Segment(.policy, written.text, tokens: written.tokens, logProbabilities: written.logProbabilities))
  }

  /// Runs the command that the policy has just closed, or says what is wrong with it. False when no command is left.
  mutating func answerCommand(in world: any EnvironmentSession) async throws -> Bool {
    guard commandsLeft > 0 else { return false }
    commandsLeft -= 1
    let output: ToolOutput
    switch CommandReading(of: transcript, limits: limits) {
    case .command(let command):
      let start = ContinuousClock.now
      output = try await EpisodeLoop.run(command, in: world)
      timings.sandboxSeconds += start.secondsUntilNow
    case .refused(let why):
      output = ToolOutput(standardOutput: "", standardError: why, status: 2)
    }
    append(Segment(.tool, output.markup(limit: limits.outputCharacters)))
    return true
  }

  /// Puts words into the policy's mouth; a command at their end is executed.
  mutating func put(_ text: String, into world: any EnvironmentSession) async throws {
    append(Segment(.steered, text))
    if text.hasSuffix(ProtocolTag.command.closing) { _ = try await answerCommand(in: world) }
  }

  /// Appends text that the policy will read before it writes again. Neighbouring pieces become one segment each, but
  /// only the last can carry the tokens of the whole reading, so pieces are joined when nothing was written between.
  private mutating func append(_ segment: Segment) {
    pending += segment.text
    transcript.segments.append(segment)
  }
}

/// What the text before a `</bash>` asks for.
private enum CommandReading {
  case command(String)
  case refused(String)

  init(of transcript: Transcript, limits: EpisodeLimits) {
    guard case .command(let text)? = transcript.blocks.last else {
      self = .refused("no command was open: write <bash>command</bash> outside <cot>")
      return
    }
    if text.allSatisfy(\.isWhitespace) {
      self = .refused("the command is empty")
    } else if text.utf8.count > limits.commandBytes {
      self = .refused("the command is longer than \(limits.commandBytes) bytes")
    } else if text.utf8.contains(0) {
      self = .refused("the command holds a NUL byte")
    } else {
      self = .command(text)
    }
  }
}

extension ToolOutput {
  /// The output as the policy reads it: `<stdout>` when there is any or nothing went to the error stream, `<stderr>` when
  /// there is any. A protocol tag inside the output is broken with a backslash, so that a file cannot forge one.
  package func markup(limit: Int) -> String {
    let shown = [(ProtocolTag.output, standardOutput), (.errorOutput, standardError)]
      .filter { $0.0 == .output ? !$0.1.isEmpty || standardError.isEmpty : !$0.1.isEmpty }
    return shown.map { tag, text in
      let body = text.cut(to: limit).withoutProtocolTags
      return tag.opening + "\n" + body + (body.isEmpty || body.hasSuffix("\n") ? "" : "\n") + tag.closing + "\n"
    }.joined()
  }
}

extension String {
  fileprivate func cut(to limit: Int) -> String {
    guard let end = index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex else { return self }
    return self[..<end] + "\n[output cut here]"
  }

  fileprivate var withoutProtocolTags: String {
    guard utf8.contains(UInt8(ascii: "<")) else { return self }
    return ProtocolTag.allCases.reduce(self) { text, tag in
      text.replacing(tag.opening, with: "<\\\(tag.rawValue)>").replacing(tag.closing, with: "<\\/\(tag.rawValue)>")
    }
  }
}
