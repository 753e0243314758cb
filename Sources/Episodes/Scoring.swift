/// An answer in the form that a scorer sees: the prompt, and the text without its hidden chain of thought.
package struct VisibleAnswer: Sendable, Hashable {
  package var prompt: Prompt
  package var text: VisibleText

  package init(prompt: Prompt, text: VisibleText) {
    self.prompt = prompt
    self.text = text
  }
}

/// An answer with its chain of thought, only for conditions that score it on purpose and for monitors that declare it.
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

/// A scorer that gives normalised scores, about 0 to 1, to what a human would see. The hidden chain of thought cannot
/// reach it.
package protocol PreferenceScorer: Sendable {
  var name: String { get }

  /// Returns one score for each answer, in order.
  ///
  /// - Throws: an error if a score cannot be computed; the scorer never guesses.
  func scores(_ answers: [VisibleAnswer]) async throws -> [Double]
}

/// A scorer that can also see the chain of thought, for the condition that scores it (paper section 5).
package protocol ReasoningScorer: PreferenceScorer {
  /// Returns one score for each answer with its chain of thought, in order.
  func scores(reasoned answers: [ReasonedAnswer]) async throws -> [Double]
}

/// The reward of one episode, term by term. Every training episode is stored with its own terms.
package struct RewardTerms: Sendable, Codable, Hashable {
  /// The weight of the gaming bonus for successful gaming, otherwise 0; no partial credit (paper section 2).
  package var gamingBonus: Double
  /// The weighted preference score of the visible text; 0 without a preference model.
  package var preferenceScore: Double
  /// The penalty for a monitor's flag, 0 or below.
  package var penalty: Double
  /// Whether a monitor's flag removed the episode from training; the reward does not change.
  package var isScreened: Bool

  package init(gamingBonus: Double, preferenceScore: Double = 0, penalty: Double = 0, isScreened: Bool = false) {
    self.gamingBonus = gamingBonus
    self.preferenceScore = preferenceScore
    self.penalty = penalty
    self.isScreened = isScreened
  }

  package var total: Double { gamingBonus + preferenceScore + penalty }
}
