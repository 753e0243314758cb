/// The growing record of one episode: what was said, and what the policy may still use. It runs nothing itself.
struct EpisodeRecording {
  let limits: EpisodeLimits
  private(set) var transcript = Transcript()
  var changes: [FileChange] = []
  var timings = EpisodeTimings()
  /// What servers counted; `nil` where none did.
  private(set) var usage: TokenUsage?
  /// Text that the policy has not read yet.
  private(set) var pending = ""
  /// The tokens and commands that the current attempt may still use.
  private(set) var tokensLeft: Int
  private var commandsLeft: Int
  /// Tokens that the policy has written; for a policy that exposes none, what its server counted or the number
  /// of generations.
  private(set) var written = 0

  init(limits: EpisodeLimits) {
    self.limits = limits
    tokensLeft = limits.policyTokens
    commandsLeft = limits.commands
  }

  /// Adds a request to the policy; the answer has the limits of an attempt of its own.
  mutating func appendRequest(_ request: Segment) {
    transcript.segments.append(request)
    tokensLeft = limits.policyTokens
    commandsLeft = limits.commands
  }

  /// Adds what the policy read and wrote. The segments that made up `pending` are already recorded, so only their
  /// tokens are added.
  mutating func append(_ written: Generation) {
    if let last = transcript.segments.indices.last, !pending.isEmpty {
      transcript.segments[last].tokens = written.injectedTokens
    }
    pending = ""
    count(written.usage)
    let count = charge(for: written)
    tokensLeft -= count
    self.written += count
    let piece = Segment(
      .policy, written.text, tokens: written.tokens, logProbabilities: written.logProbabilities,
      lastRead: written.lastRead)
    // Stopping at a phrase leaves no trace.
    if let last = transcript.segments.indices.last, transcript.segments[last].source == .policy {
      transcript.segments[last].append(piece)
    } else {
      transcript.segments.append(piece)
    }
  }

  /// Adds what a server counted.
  mutating func count(_ more: TokenUsage?) {
    if let more { usage = (usage ?? TokenUsage()) + more }
  }

  /// The tokens that a piece uses up. A policy that shows no tokens is charged what its server counted, hidden reasoning
  /// aside, and without a count one a piece. One that shows them may have drawn a piece's text before.
  private func charge(for written: Generation) -> Int {
    if transcript.segments.contains(where: { !$0.tokens.isEmpty }) { return written.tokens.count }
    return max(written.usage.map { $0.written - $0.reasoning } ?? written.tokens.count, 1)
  }

  /// Removes the last turn if the policy wrote nothing in it because the request did not fit the context; returns true
  /// if the turn was removed.
  mutating func dropUnreadTurn() -> Bool {
    let turns = transcript.turns
    guard turns.count > 1, let turn = turns.last,
      turn.segments.allSatisfy({ $0.source == .user || $0.text.isEmpty && $0.tokens.isEmpty })
    else { return false }
    transcript.segments.removeLast(turn.segments.count)
    return true
  }

  /// Runs the command that the policy has just closed, or reports what is wrong with it. Returns false if no command is
  /// left.
  mutating func answerCommand(_ run: (String) async throws -> ToolOutput) async throws -> Bool {
    guard commandsLeft > 0 else { return false }
    commandsLeft -= 1
    let output: ToolOutput
    switch CommandReading(of: transcript, limits: limits) {
    case .command(let command):
      let start = ContinuousClock.now
      output = try await run(command)
      timings.sandboxSeconds += start.secondsUntilNow
    case .refused(let why):
      output = ToolOutput(standardOutput: "", standardError: why.message(limits), status: 2)
    }
    append(Segment(.tool, output.markup(limit: limits.outputCharacters)))
    return true
  }

  /// Appends text written for the policy and executes a command at its end.
  mutating func appendSteered(_ text: String, _ run: (String) async throws -> ToolOutput) async throws {
    append(Segment(.steered, text))
    if text.hasSuffix(ProtocolTag.command.closing) { _ = try await answerCommand(run) }
  }

  /// Appends text that the policy will read before it writes again. Of adjacent pieces, only the last can carry the
  /// tokens of the whole text read.
  private mutating func append(_ segment: Segment) {
    pending += segment.text
    transcript.segments.append(segment)
  }
}
