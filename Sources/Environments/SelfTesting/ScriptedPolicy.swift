package import Episodes

/// A policy that says what a script says: for self-tests, for a person in the model's place, and to replay transcripts.
package struct ScriptedPolicy: Policy {
  package let name: String
  package let promptStyle: PromptStyle
  let script: EpisodeScript

  package init(_ script: EpisodeScript, name: String = "script", style: PromptStyle = .full) {
    self.script = script
    self.name = name
    promptStyle = style
  }

  package func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession { Session(prompt, script: script) }

  /// Gives the script out piece by piece, each up to the end of its next command.
  private actor Session: PolicySession {
    nonisolated let prompt: Segment
    private var rest: Substring
    private var laterAnswers: ArraySlice<String>
    /// A script begins inside a chain of thought. It opens one itself where neither the prompt nor a lead did.
    private var needsOpening: Bool

    init(_ prompt: Prompt, script: EpisodeScript) {
      self.prompt = Segment(.prompt, prompt.messages.map(\.text).joined(separator: "\n\n") + "\n\n" + prompt.opening)
      rest = Substring(script.answer)
      laterAnswers = script.laterAnswers[...]
      needsOpening = prompt.opening.isEmpty
    }

    private init(_ prompt: Segment, rest: Substring, laterAnswers: ArraySlice<String>, needsOpening: Bool) {
      self.prompt = prompt
      self.rest = rest
      self.laterAnswers = laterAnswers
      self.needsOpening = needsOpening
    }

    func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
      if needsOpening, injected.isEmpty, !rest.isEmpty { rest = ProtocolTag.thought.opening + rest }
      needsOpening = false
      let ends = stops.compactMap { rest.firstRange(of: $0)?.upperBound }
      guard let end = ends.min() else {
        defer { rest = "" }
        return Generation(text: String(rest), stop: .endOfTurn)
      }
      defer { rest = rest[end...] }
      return Generation(text: String(rest[..<end]), stop: .stopString)
    }

    func read(_ message: String, opening: String) async throws -> Segment {
      rest = Substring(laterAnswers.popFirst() ?? "")
      needsOpening = opening.isEmpty
      return Segment(.user, "\n\n" + message + "\n\n" + opening)
    }

    /// A script leaves nothing to chance: the copy says the same.
    func fork(seed: Seed) async throws -> any PolicySession {
      Session(prompt, rest: rest, laterAnswers: laterAnswers, needsOpening: needsOpening)
    }

    func end() async {}
  }
}

/// What a scripted policy says: an answer that begins inside the prompt's open chain of thought.
package struct EpisodeScript: Sendable, Hashable {
  package let answer: String
  /// What it says to further messages of the user, in order; then nothing.
  package let laterAnswers: [String]

  /// An answer as a policy would write it, with its tags.
  package init(answer: String, laterAnswers: [String] = []) {
    self.answer = answer
    self.laterAnswers = laterAnswers
  }

  /// Reads a script. A text with a thought's tag, or with a whole command between tags, is a transcript: its recorded tool
  /// output is left out, since the commands run again. Any other text holds one command a line; a line `say TEXT` is a
  /// message to the human, and empty lines and lines that begin with `#` are skipped.
  package init(reading text: String) {
    let command = text.firstRange(of: ProtocolTag.command.opening)?.upperBound
    let isTranscript =
      [ProtocolTag.thought.opening, ProtocolTag.thought.closing].contains(where: text.contains)
      || command.map { text[$0...].contains(ProtocolTag.command.closing) } ?? false
    if isTranscript {
      self.init(transcript: text)
    } else {
      let lines = text.split(whereSeparator: \.isNewline).map(\.trimmed).filter { !$0.isEmpty && !$0.hasPrefix("#") }
      let pieces = lines.map { $0.hasPrefix("say ") ? Block.message(String($0.dropFirst(4))) : .command($0) }
      self.init(answer: ProtocolTag.thought.closing + pieces.map { $0.markup + "\n" }.joined())
    }
  }

  /// A transcript may begin inside the chain of thought, as released ones do, or with a block of its own.
  private init(transcript text: String) {
    let starts = Self.startsInsideThought(text)
    let blocks = Block.parse(text, insideThought: starts).filter {
      switch $0 {
      case .output, .errorOutput: false
      default: true
      }
    }
    let markup = blocks.map(\.markup).joined()
    // The loop reads the answer inside an open thought: one that is written out would be a second opening tag.
    let opening = ProtocolTag.thought.opening
    laterAnswers = []
    answer = markup.hasPrefix(opening) ? String(markup.dropFirst(opening.count)) : ProtocolTag.thought.closing + markup
  }

  /// Whether the first thought's closing tag comes before any opening tag.
  private static func startsInsideThought(_ text: String) -> Bool {
    guard let close = text.firstRange(of: ProtocolTag.thought.closing)?.lowerBound else { return false }
    guard let open = text.firstRange(of: ProtocolTag.thought.opening)?.lowerBound else { return true }
    return close < open
  }
}
