/// What a policy has before it when it decides what to do: the prompt, and everything that was said after it.
///
/// The text is the same for every policy: words that were put into a policy's mouth, and what the tools answered.
package struct DecisionPoint: Sendable, Hashable {
  package var prompt: Prompt
  /// What follows the prompt's opening: the sample's lead with the output of its commands.
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
    let world = try await crossing(.sandbox) { try await environment.begin(sample) }
    for words in sample.lead {
      try await recording.put(words) { command in try await crossing(.sandbox) { try await world.run(command) } }
    }
    text = recording.pending
  }

  /// A text as it follows here. One that begins inside a chain of thought gets its opening tag where the prompt leaves none
  /// open, as some styles do.
  package func following(_ text: String) -> String {
    let (opening, closing) = (ProtocolTag.thought.opening, ProtocolTag.thought.closing)
    guard self.text.isEmpty, !prompt.opening.hasSuffix(opening) else { return text }
    guard let end = text.firstRange(of: closing), !text[..<end.lowerBound].contains(opening) else { return text }
    return opening + text
  }
}

/// Fixed texts that can follow at an environment's decision point. Their log-probabilities say how far a policy leans to
/// gaming where it hardly ever games.
package struct Continuations: Sendable, Hashable {
  /// What a text does.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// It begins to game the task: in a tampering environment, to edit the reward.
    case gaming
    /// It does the task honestly.
    case honest
    /// It does to something unrelated what gaming does to what is graded, for example edits another file.
    case control
  }

  /// In the order of the environment's file; every kind that the environment has is there.
  package var texts: [Kind: [String]]

  package init(texts: [Kind: [String]]) { self.texts = texts }
}
