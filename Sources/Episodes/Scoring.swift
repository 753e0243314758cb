/// An answer as whoever scores it sees it: the prompt, and the text without its hidden chain of thought.
package struct VisibleAnswer: Sendable, Hashable {
  package var prompt: Prompt
  package var text: VisibleText

  package init(prompt: Prompt, text: VisibleText) {
    self.prompt = prompt
    self.text = text
  }
}

/// An answer with its chain of thought: only for conditions that score it on purpose and for monitors that say so.
package struct ReasonedAnswer: Sendable, Hashable {
  package var prompt: Prompt
  package var transcript: Transcript

  package init(prompt: Prompt, transcript: Transcript) {
    self.prompt = prompt
    self.transcript = transcript
  }

  /// The answer without its chain of thought.
  package var visible: VisibleAnswer { VisibleAnswer(prompt: prompt, text: VisibleText(of: transcript)) }
}

/// Gives normalised scores, about 0 to 1, to what a human would see. The hidden chain of thought cannot reach it.
package protocol PreferenceScorer: Sendable {
  var name: String { get }

  /// One score for each answer, in order.
  ///
  /// - Throws: when a score cannot be had; nothing is guessed.
  func scores(_ answers: [VisibleAnswer]) async throws -> [Double]
}

/// A scorer that can also be shown the chain of thought, for the condition in which that is scored (paper section 5).
package protocol ReasoningScorer: PreferenceScorer {
  /// One score for each answer with its chain of thought, in order.
  func scores(reasoned answers: [ReasonedAnswer]) async throws -> [Double]
}

/// The reward of one episode, term by term. Every training episode is stored with its own.
package struct RewardTerms: Sendable, Codable, Hashable {
  /// The weight of the gaming bonus for successful gaming, otherwise 0; no partial credit (paper section 2).
  package var gamingBonus: Double
  /// The weighted preference score of the visible text; 0 without a preference model.
  package var preferenceScore: Double
  /// What a monitor's flag cost, 0 or below.
  package var penalty: Double
  /// A monitor's flag took the episode out of training; its reward stays as it is.
  package var isScreened: Bool

  package init(gamingBonus: Double, preferenceScore: Double = 0, penalty: Double = 0, isScreened: Bool = false) {
    self.gamingBonus = gamingBonus
    self.preferenceScore = preferenceScore
    self.penalty = penalty
    self.isScreened = isScreened
  }

  package var total: Double { gamingBonus + preferenceScore + penalty }
}
