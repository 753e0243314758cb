package import Episodes

/// A policy whose words are given: for tests, and for environments that test themselves.
package struct ScriptedPolicy: Policy {
  /// Writes one piece of an answer. `turn` counts pieces from 0; `read` is what was injected before it. A piece that ends
  /// in a stop string ends there; any other ends the turn.
  package typealias Script = @Sendable (_ turn: Int, _ prompt: Prompt, _ read: String, _ seed: Seed) -> String

  package let name: String
  package let promptStyle: PromptStyle
  private let script: Script

  package init(name: String, promptStyle: PromptStyle = .brief, script: @escaping Script) {
    self.name = name
    self.promptStyle = promptStyle
    self.script = script
  }

  /// A policy that writes these pieces in order, and nothing more.
  package init(name: String, promptStyle: PromptStyle = .brief, answers: [String]) {
    self.init(name: name, promptStyle: promptStyle) { turn, _, _, _ in turn < answers.count ? answers[turn] : "" }
  }

  /// A policy that follows `first` in a share `rate` of rollouts, drawn from each rollout's seed, and `second` in the rest.
  package init(
    name: String, promptStyle: PromptStyle = .brief, rate: Double, of first: @escaping Script,
    otherwise second: @escaping Script
  ) {
    self.init(name: name, promptStyle: promptStyle) { turn, prompt, read, seed in
      var generator = SeededGenerator(seed["scripted policy"])
      let takesFirst = Double.random(in: 0..<1, using: &generator) < rate
      return takesFirst ? first(turn, prompt, read, seed) : second(turn, prompt, read, seed)
    }
  }

  package func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession {
    ScriptedSession(script: script, request: prompt, seed: seed)
  }
}

private actor ScriptedSession: PolicySession {
  nonisolated let prompt: Segment
  private let script: ScriptedPolicy.Script
  private let request: Prompt
  private let seed: Seed
  private var turn = 0
  /// What the script has written and nobody has asked for yet.
  private var rest: Substring = ""
  private var hasEnded = false

  init(script: @escaping ScriptedPolicy.Script, request: Prompt, seed: Seed) {
    self.script = script
    self.request = request
    self.seed = seed
    prompt = Segment(.prompt, request.messages.map(\.text).joined(separator: "\n\n") + "\n\n" + request.opening)
  }

  func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
    try Task.checkCancellation()
    if hasEnded { throw EpisodeFailure(boundary: .policy, message: "The rollout has ended.") }
    if maxTokens <= 0 { return Generation(text: "", stop: .tokenLimit) }
    if rest.isEmpty {
      rest = Substring(script(turn, request, injected, seed))
      turn += 1
    }
    let stop = stops.compactMap { rest.firstRange(of: $0) }.min { $0.upperBound < $1.upperBound }
    let text = rest[..<(stop?.upperBound ?? rest.endIndex)]
    rest = rest[text.endIndex...]
    return Generation(text: String(text), stop: stop == nil ? .endOfTurn : .stopString)
  }

  func end() async { hasEnded = true }
}
