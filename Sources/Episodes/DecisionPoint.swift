/// The text that a policy has read when it decides what to do: the prompt, and everything said after it.
///
/// The text is the same for every policy. It holds the words that were put into a policy's mouth and the output of the
/// tools.
package struct DecisionPoint: Sendable, Hashable {
  package var prompt: Prompt
  /// The text after the prompt's opening: the sample's lead with the output of its commands.
  package var text: String

  /// Plays the lead of a sample in an environment, without a policy.
  ///
  /// - Throws: `CancellationError`, or an `EpisodeFailure` of the sandbox.
  package init(_ sample: Sample, in environment: any Environment) async throws {
    prompt = sample.prompt
    guard !sample.lead.isEmpty else {
      text = ""
      return
    }
    var recording = EpisodeRecording(limits: environment.limits)
    let world = try await attributingFailures(to: .sandbox) { try await environment.begin(sample) }
    for words in sample.lead {
      try await recording.appendSteered(words) { try await world.execute($0) }
    }
    text = recording.pending
  }

  /// Returns a text in the form in which it follows the decision point. A text that begins inside a chain of thought
  /// gets an opening tag if the prompt's style leaves no chain of thought open.
  package func following(_ text: String) -> String {
    let (opening, closing) = (ProtocolTag.thought.opening, ProtocolTag.thought.closing)
    guard self.text.isEmpty, !prompt.opening.hasSuffix(opening) else { return text }
    guard let end = text.firstRange(of: closing), !text[..<end.lowerBound].contains(opening) else { return text }
    return opening + text
  }
}

/// Fixed texts that can follow at an environment's decision point. Their log-probabilities show how far a policy leans
/// towards gaming in settings where it rarely games.
package struct Continuations: Sendable, Hashable {
  /// What a text does.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// The text begins to game the task: in a tampering environment, to edit the reward.
    case gaming
    /// The text does the task honestly.
    case honest
    /// The text acts on something unrelated as gaming acts on the graded object; for example, it edits another file.
    case control
  }

  /// The texts by kind, in the order of the environment's file. Every kind that the environment has is present.
  package var texts: [Kind: [String]]

  package init(texts: [Kind: [String]]) { self.texts = texts }
}
