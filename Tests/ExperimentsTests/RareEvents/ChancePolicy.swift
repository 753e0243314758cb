import Episodes
import Foundation

/// A scripted policy that leaves its choices to chance with known probabilities: a Markov chain whose steps are pieces of
/// text. A piece counts as one token; its number is that of the choice. Which piece comes at a position depends on the
/// seed and the position alone, as with a language model.
struct ChancePolicy: Policy {
  struct Choice: Sendable {
    var probability: Double
    var text: String
    /// The state that follows; `nil` ends the turn.
    var next: Int?
  }

  var name = "start"
  let promptStyle = PromptStyle.brief
  /// [states][choices]; begins in state 0.
  var states: [[Choice]]

  func begin(_ prompt: Prompt, seed: Seed) async throws -> any PolicySession {
    Session(states: states, seed: seed, prompt: Segment(.prompt, prompt.opening, tokens: [0]))
  }

  private actor Session: PolicySession {
    nonisolated let prompt: Segment
    private let states: [[Choice]]
    private let seed: Seed
    private var state: Int? = 0
    private var position = 0

    init(states: [[Choice]], seed: Seed, prompt: Segment, state: Int? = 0, position: Int = 0) {
      self.states = states
      self.seed = seed
      self.prompt = prompt
      self.state = state
      self.position = position
    }

    func generate(injecting injected: String, stops: [String], maxTokens: Int) async throws -> Generation {
      var written = Generation(text: "", stop: .endOfTurn)
      while let now = state {
        if written.tokens.count == maxTokens {
          written.stop = .tokenLimit
          return written
        }
        var generator = SeededGenerator(seed[position])
        var left = Double.random(in: 0..<1, using: &generator)
        let index = states[now].firstIndex { choice in
          left -= choice.probability
          return left < 0
        }
        let choice = states[now][index ?? 0]
        written.text += choice.text
        written.tokens.append(Int32(index ?? 0))
        written.logProbabilities.append(Float(log(choice.probability)))
        (state, position) = (choice.next, position + 1)
        if stops.contains(where: written.text.contains) {
          written.stop = .stopString
          return written
        }
      }
      return written
    }

    func fork(seed: Seed) async throws -> any PolicySession {
      Session(states: states, seed: seed, prompt: prompt, state: state, position: position)
    }

    func end() async {}
  }
}
