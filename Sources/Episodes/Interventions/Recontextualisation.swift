extension Episode {
  /// Returns the episode as if it had been generated under another prompt.
  ///
  /// Recontextualisation (arXiv 2512.19027) samples under one prompt and trains under another. Inoculation without the
  /// prompt at sampling is the same operation.
  ///
  /// The text and tokens of the policy and its tools do not change, so the loss falls on the same tokens. The policy's
  /// log-probabilities are dropped, because they were measured under the first prompt. An algorithm that needs them has
  /// to compute them again.
  ///
  /// - Parameter prompt: the other prompt as the policy reads it.
  /// - Throws: a `RecontextualisationError` if the episode has no prompt to replace, or if the answer would begin in
  ///   another place. Both prompts must leave a chain of thought open, or neither; both must have tokens, or neither.
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

/// The reason why an episode cannot be put under another prompt.
package struct RecontextualisationError: Error, CustomStringConvertible, Sendable {
  package let description: String

  fileprivate init(_ key: EpisodeKey, _ reason: String) {
    description =
      "Episode \(key.environment) \(key.variant).\(key.sample) of '\(key.checkpoint)' cannot be put under another prompt: "
      + "\(reason). Use prompts of one style and policy."
  }
}
