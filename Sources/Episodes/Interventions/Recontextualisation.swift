extension Episode {
  /// The episode as if it had been generated under another prompt: recontextualisation (arXiv 2512.19027) samples under
  /// one prompt and trains under another, and inoculation without the prompt at sampling is the same operation.
  ///
  /// What the policy and its tools wrote keeps its text and tokens, so that the loss falls on the same tokens. The policy's
  /// log-probabilities are dropped, because they were measured under the first prompt: an algorithm that needs them has
  /// to compute them again.
  ///
  /// - Parameter prompt: the other prompt as the policy reads it.
  /// - Throws: a `RecontextualisationError` when there is no prompt to replace, or when the answer would begin in another
  ///   place: both prompts must leave a chain of thought open, or neither, and both have tokens or neither.
  package func recontextualised(under prompt: Segment) throws -> Episode {
    let old = transcript.segments.prefix { $0.source == .prompt }
    guard prompt.source == .prompt, !old.isEmpty else {
      throw RecontextualisationError(key, "it does not begin with a prompt, or is given something that is none")
    }
    let answer = transcript.segments.dropFirst(old.count).map { segment in
      var segment = segment
      segment.logProbabilities = []
      return segment
    }
    var episode = self
    episode.transcript = Transcript([prompt] + answer)
    guard episode.transcript.startsInsideThought == transcript.startsInsideThought else {
      throw RecontextualisationError(
        key, "one of the two prompts leaves a chain of thought open and the other does not")
    }
    guard prompt.tokens.isEmpty == old.allSatisfy(\.tokens.isEmpty) else {
      throw RecontextualisationError(key, "one of the two prompts has tokens and the other does not")
    }
    return episode
  }
}

/// Why an episode cannot be put under another prompt.
package struct RecontextualisationError: Error, CustomStringConvertible, Sendable {
  package let description: String

  fileprivate init(_ key: EpisodeKey, _ reason: String) {
    description =
      "Episode \(key.environment) \(key.variant).\(key.sample) of '\(key.checkpoint)' cannot be put under another prompt: "
      + "\(reason). Use prompts of one style and policy."
  }
}
